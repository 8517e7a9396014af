-- What people mean by labels is done once for each time, and tried again until it is done or given up.
alter table mailbox_item
    add column acts int not null default 0, add column tries int not null default 0, add column try_on timestamptz;

create index mailbox_item_try on mailbox_item (mailbox_id, try_on) where try_on is not null;

-- Since when a folder refuses labels.
alter table mailbox_folder add column labels_refused_on timestamptz;
