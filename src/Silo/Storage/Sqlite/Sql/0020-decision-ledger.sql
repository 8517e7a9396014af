-- The decisions in a mailbox by when its mail was received: what people page through, tracked or not. The column stands in an expression
-- so that no other statement takes this index and finds one place by all of its mailbox.
create index sighting_received on sighting (mailbox_id + 0, received_on);
