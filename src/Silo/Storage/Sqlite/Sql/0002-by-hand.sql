-- What people do by hand. An act is a fact and never changed; to undo it is an act of its own, with the emails of what it undoes.

create table act
(
    act_id             blob    primary key,
    org                integer not null,
    kind               integer not null,
    acted_by           text    not null,
    acted_on           integer not null,
    recorded_on        integer not null,
    record_table       text,
    record_id          blob,
    for_this_mail_only integer not null,
    undoes             blob
) strict, without rowid;

create index act_acted on act (acted_on, org);

-- Keys, not rows of email: an act may mean mail that is not tracked, or is tracked later.
create table act_email
(
    org       integer not null,
    email_key blob    not null check (length(email_key) = 16),
    act_id    blob    not null,
    side      integer not null,
    ordinal   integer not null,
    primary key (email_key, org, act_id)
) strict, without rowid;

create index act_email_act on act_email (act_id);

drop table apart;

-- Why an email is hidden that its mailbox wants; withheld: of its content nothing is kept.
alter table email add column left_out integer;
alter table email add column is_withheld integer not null default 0;

create index email_left_out on email (received_on, org) where left_out is not null;

-- When people stopped the conversation and let it go on: a function of its emails' acts, kept here so that an answer need not read them.
alter table conversation add column stops text;
