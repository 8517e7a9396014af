-- What people do by hand. An act is a fact and never changed; to undo it is an act of its own, with the emails of what it undoes.

create table act
(
    act_id             uuid        primary key,
    org                int         not null,
    kind               smallint    not null,
    acted_by           text        not null,
    acted_on           timestamptz not null,
    recorded_on        timestamptz not null,
    record_table       text,
    record_id          uuid,
    for_this_mail_only boolean     not null,
    undoes             uuid
);

create index act_acted on act (acted_on, org);

-- Keys, not rows of email: an act may mean mail that is not tracked, or is tracked later.
create table act_email
(
    org       int      not null,
    email_key bytea    not null check (octet_length(email_key) = 16),
    act_id    uuid     not null,
    side      smallint not null,
    ordinal   int      not null,
    primary key (email_key, org, act_id)
);

create index act_email_act on act_email (act_id);

drop table apart;

-- Why an email is hidden that its mailbox wants; withheld: of its content nothing is kept.
alter table email add column left_out smallint, add column is_withheld boolean not null default false;

create index email_left_out on email (received_on, org) where left_out is not null;

-- When people stopped the conversation and let it go on: a function of its emails' acts, kept here so that an answer need not read them.
alter table conversation add column stops text;
