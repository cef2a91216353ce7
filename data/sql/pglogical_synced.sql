-- Everything is copied: without this pglogical would drop the slot and make it
-- again at the present position. $1: name of the subscription.
-- rows: sync_status
UPDATE pglogical.local_sync_status
   SET sync_status = 'r'
 WHERE sync_subid = (SELECT s.sub_id
                       FROM pglogical.subscription s
                      WHERE s.sub_name = $1)
RETURNING sync_status
