-- What people tracked before the mail was here. A row is gone when its mail is tracked, or the act is taken back.
create table pending_track
(
    org          integer not null,
    act_id       blob    not null,
    message_id   text    not null,
    mailbox      text    not null,
    record_table text,
    record_id    blob,
    acted_by     text    not null,
    acted_on     integer not null,
    created_on   integer not null,
    tries        integer not null,
    try_on       integer not null,
    problem      text,
    next_step    text,
    primary key (org, act_id, message_id)
) strict, without rowid;
