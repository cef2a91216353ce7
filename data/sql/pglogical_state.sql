-- $1: name of the subscription. pending: tables that are not yet copied.
-- rows: status, pending
SELECT t.status,
       (SELECT pg_catalog.count(*)
          FROM pglogical.local_sync_status l
         WHERE l.sync_subid = s.sub_id
           AND l.sync_status <> 'r') AS pending
  FROM pglogical.subscription s
 CROSS JOIN LATERAL pglogical.show_subscription_status(
                            s.sub_name::pg_catalog.name) t
 WHERE s.sub_name = $1::pg_catalog.name
