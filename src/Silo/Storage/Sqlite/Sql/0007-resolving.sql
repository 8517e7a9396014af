-- Whose email it is, decided once when it is tracked, and why.
alter table email add column owner_id blob;
alter table email add column owner_rule integer not null default 0;

-- Whether an import brought the copy: a copy that waits is decided again as it came.
alter table sighting add column is_backfill integer not null default 0;

-- An email in a queue. One for each queue and email: whoever asks for it again finds it there.
create table queue_item
(
    org        integer not null,
    queue_id   blob    not null,
    email_id   integer not null,
    entered_on integer not null,
    primary key (org, queue_id, email_id)
) strict, without rowid;

create index queue_item_email on queue_item (email_id);
create index queue_item_entered on queue_item (org, queue_id, entered_on);
