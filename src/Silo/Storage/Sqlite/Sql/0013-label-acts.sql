-- What people mean by labels is done once for each time, and tried again until it is done or given up.
alter table mailbox_item add column acts integer not null default 0;
alter table mailbox_item add column tries integer not null default 0;
alter table mailbox_item add column try_on integer;

create index mailbox_item_try on mailbox_item (mailbox_id, try_on) where try_on is not null;

-- Since when a folder refuses labels.
alter table mailbox_folder add column labels_refused_on integer;
