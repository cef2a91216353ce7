-- Before the registry is dropped: nobody adds a row any more.
LOCK TABLE pgrepup.change IN ACCESS EXCLUSIVE MODE
