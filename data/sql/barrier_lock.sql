-- Numbers have no gap: who makes one waits for who is making one.
LOCK TABLE pgrepup.barrier IN EXCLUSIVE MODE
