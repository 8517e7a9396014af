-- What people tracked before the mail was here. A row is gone when its mail is tracked, or the act is taken back.
create table pending_track
(
    org          int         not null,
    act_id       uuid        not null,
    message_id   text        not null,
    mailbox      text        not null,
    record_table text,
    record_id    uuid,
    acted_by     text        not null,
    acted_on     timestamptz not null,
    created_on   timestamptz not null,
    tries        int         not null,
    try_on       timestamptz not null,
    problem      text,
    next_step    text,
    primary key (org, act_id, message_id)
);
