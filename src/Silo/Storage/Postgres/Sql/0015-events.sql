-- What becomes of emails, numbered for each conversation without gaps: the count is in the conversation's row, which every writer locks.
alter table conversation add column event_count bigint not null default 0;

create table conversation_event
(
    org             int         not null,
    conversation_id uuid        not null,
    number          bigint      not null,
    email_key       bytea       not null,
    kind            smallint    not null,
    occurred_on     timestamptz not null,
    primary key (conversation_id, number)
);

-- A mailbox that is to label its copies anew because of an event: there until it has.
create table copy_stamp
(
    mailbox_id      bigint      not null,
    conversation_id uuid        not null,
    number          bigint      not null,
    org             int         not null,
    due_on          timestamptz not null,
    attempts        int         not null default 0,
    primary key (mailbox_id, conversation_id, number)
);

create index copy_stamp_due on copy_stamp (org, due_on);
