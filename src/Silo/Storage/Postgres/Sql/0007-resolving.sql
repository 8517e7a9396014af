-- Whose email it is, decided once when it is tracked, and why.
alter table email add column owner_id uuid, add column owner_rule smallint not null default 0;

-- Whether an import brought the copy: a copy that waits is decided again as it came.
alter table sighting add column is_backfill boolean not null default false;

-- An email in a queue. One for each queue and email: whoever asks for it again finds it there.
create table queue_item
(
    org        int         not null,
    queue_id   uuid        not null,
    email_id   bigint      not null,
    entered_on timestamptz not null,
    primary key (queue_id, email_id, org)
);

create index queue_item_email on queue_item (email_id);
create index queue_item_entered on queue_item (queue_id, org, entered_on);
