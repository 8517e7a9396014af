-- What becomes of emails, numbered for each conversation without gaps: the count is in the conversation's row.
alter table conversation add column event_count integer not null default 0;

create table conversation_event
(
    conversation_id blob    not null,
    number          integer not null,
    org             integer not null,
    email_key       blob    not null,
    kind            integer not null,
    occurred_on     integer not null,
    primary key (conversation_id, number)
) strict, without rowid;

-- A mailbox that is to label its copies anew because of an event: there until it has.
create table copy_stamp
(
    mailbox_id      integer not null,
    conversation_id blob    not null,
    number          integer not null,
    org             integer not null,
    due_on          integer not null,
    attempts        integer not null default 0,
    primary key (mailbox_id, conversation_id, number)
) strict, without rowid;

create index copy_stamp_due on copy_stamp (org, due_on);
