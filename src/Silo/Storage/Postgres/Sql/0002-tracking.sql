-- What is tracked: tables of the store. Enumerations are stored as the numbers that the C# types document; keys are 16 bytes,
-- hashes 32. Rows are written by one writer per silo, many changes in one transaction, without "on conflict": a writer that
-- waited for the winner has to learn that it lost. Child rows carry the bigint of their parent and no foreign key: they are
-- written in the same transaction as the parent, and a check of every child costs more than the child.
--
-- Keys and indexes begin with the column that tells rows apart and end with the organization. To a plan that is made while tables
-- are empty, all indexes that begin with the organization are alike: it takes any of them, and then walks through all mail.

-- A writer takes ids in blocks of 1,024, so that children can be written in the same round trip as their parents.
create sequence conversation_block as bigint increment by 1024;
create sequence email_block as bigint increment by 1024;

-- Ends a transaction whose decision rests on something that has changed meanwhile.
create function raise_conflict(what text) returns void language plpgsql as $body$
begin
    raise exception 'conflict: %', what using errcode = '40001';
end
$body$;

create table organization
(
    id   int  generated always as identity primary key,
    name text not null unique
);

-- The highest version is in force.
create table setting
(
    org        int         not null,
    version    bigint      not null,
    body       text        not null,
    changed_by text        not null,
    changed_on timestamptz not null,
    primary key (org, version)
);

create table mailbox
(
    id          bigint      generated always as identity primary key,
    org         int         not null,
    address     text        not null,
    is_queue    boolean     not null,
    owner_table text,
    owner_id    uuid,
    filter      smallint    not null,
    created_on  timestamptz not null,
    unique (address, org)
);

create table mailbox_tracking_folder
(
    mailbox_id      bigint not null,
    name            text   not null,
    regarding_table text,
    regarding_id    uuid,
    primary key (mailbox_id, name)
);

create table record
(
    org          int         not null,
    logical_name text        not null,
    id           uuid        not null,
    name         text        not null,
    is_active    boolean     not null,
    owner_id     uuid,
    created_on   timestamptz not null,
    primary key (id, logical_name, org)
);

create table record_address
(
    org          int  not null,
    address      text not null,
    logical_name text not null,
    id           uuid not null,
    primary key (address, org, logical_name, id)
);

create index record_address_record on record_address (id, logical_name, org);

-- The version counts the changes of a conversation: a change names the one it was decided on. A merged conversation is an alias
-- of the one that holds its emails; an alias of an alias is not kept.
create table conversation
(
    id              bigint primary key,
    org             int    not null,
    conversation_id uuid   not null unique,
    version         bigint not null,
    merged_into     bigint
);

create index conversation_merged on conversation (merged_into) where merged_into is not null;

create table email
(
    id                   bigint      primary key,
    org                  int         not null,
    key                  bytea       not null check (octet_length(key) = 16),
    id_key               bytea       not null check (octet_length(id_key) = 16),
    activity_id          uuid        not null unique,
    conversation_id      bigint      not null,
    founded_id           bigint,                -- the conversation that is named after it, once it was used
    message_id           text,
    in_reply_to          text,
    subject              text        not null,
    base_subject         text        not null,
    sent_on              timestamptz,
    sender               text,
    sender_is_user       boolean     not null,
    sender_record_table  text,
    sender_record_id     uuid,
    importance           smallint    not null,
    attachment_count     int         not null,
    auto_submitted       text,
    tracking_token       text,
    index_depth          int         not null,
    voice                bytea       not null,
    ground               bytea       not null,
    digest               bytea       not null check (octet_length(digest) = 16),
    admission            smallint    not null,
    correlation_method   smallint    not null,
    correlated_key       bytea,
    correlated_is_parent boolean     not null,
    correlated_grounded  boolean     not null,
    subject_changed      boolean     not null,
    regarding_source     smallint,
    regarding_table      text,
    regarding_id         uuid,
    regarding_key        bytea,
    is_outgoing          boolean     not null,
    accepting_is_queue   boolean,
    accepting_position   int,
    accepting_mailbox    text,
    receiving_mailbox    text        not null,
    content_hash         bytea       not null check (octet_length(content_hash) = 32),
    size                 bigint      not null,
    received_on          timestamptz not null,
    created_on           timestamptz not null,
    trace                text        not null,
    unique (key, org)
);

-- Other mail under an id that is taken; all other mail is found by its key.
create index email_variant on email (id_key, org, id) where id_key <> key;
create index email_conversation on email (conversation_id);
create index email_token on email (tracking_token, org) where tracking_token is not null;
create index email_sent on email (sent_on, org);

-- The ids that an email names; one that leads out of its conversation is open.
create table claim
(
    email_id bigint   not null,
    position smallint not null,
    key      bytea    not null check (octet_length(key) = 16),
    kind     smallint not null,
    is_open  boolean  not null,
    primary key (email_id, position)
);

create index claim_key on claim (key);

create table activity_party
(
    email_id      bigint   not null,
    ordinal       int      not null,
    participation smallint not null,
    address       text,
    name          text     not null,
    record_table  text,
    record_id     uuid,
    primary key (email_id, ordinal)
);

create index activity_party_record on activity_party (record_id, record_table) where record_id is not null;
create index activity_party_address on activity_party (address);

create table regarding_claim
(
    email_id     bigint   not null,
    ordinal      int      not null,
    source       smallint not null,
    record_table text     not null,
    record_id    uuid     not null,
    mailbox      text,
    folder       text,
    position     int      not null,
    primary key (email_id, ordinal)
);

-- Every id that a mail bears or names. This primary key is where a parent and its answer, decided at the same time on two silos,
-- meet; where two that show the same email meet; and where an answer that waits for its parent meets it.
create table thread_key
(
    org             int     not null,
    key             bytea   not null check (octet_length(key) = 16),
    holder          bigint,
    is_borne        boolean not null,
    is_near_claimed boolean not null,
    is_contested    boolean not null,
    heard           int     not null,
    primary key (key, org)
);

-- What was decided of each copy that was seen.
create table sighting
(
    mailbox_id       bigint      not null,
    folder           text        not null,
    item             text        not null,
    org              int         not null,
    email_key        bytea       not null check (octet_length(email_key) = 16),
    folder_kind      smallint    not null,
    outcome          smallint    not null,
    reason           smallint    not null,
    settings_version bigint      not null,
    trace            text        not null,
    content_hash     bytea       not null check (octet_length(content_hash) = 32),
    size             bigint      not null,
    received_on      timestamptz not null,
    decided_on       timestamptz not null,
    primary key (mailbox_id, folder, item)
);

create index sighting_email on sighting (email_key, org);
create index sighting_content on sighting (content_hash, org);
create index sighting_untracked on sighting (received_on, org) where outcome <> 1;

-- Which sighting waits for which id: for mail that bears it, or, by Thread-Index, for any mail of that conversation.
create table heard
(
    org        int     not null,
    key        bytea   not null,
    mailbox_id bigint  not null,
    folder     text    not null,
    item       text    not null,
    by_index   boolean not null,
    primary key (key, org, mailbox_id, folder, item)
);

create index heard_place on heard (mailbox_id, folder, item);

-- A client's name for a delivery, bound to the bytes that it delivered.
create table operation
(
    org          int         not null,
    mailbox      text        not null,
    id           text        not null,
    content_hash bytea       not null,
    created_on   timestamptz not null,
    primary key (org, mailbox, id)
);

create index operation_created on operation (org, created_on);

create table outbox
(
    mailbox_id bigint      not null,
    folder     text        not null,
    item       text        not null,
    org        int         not null,
    due_on     timestamptz not null,
    attempts   int         not null,
    primary key (mailbox_id, folder, item)
);

create index outbox_due on outbox (org, due_on);

-- By address, not by mailbox: what cannot become a sighting may name a mailbox that is not there.
create table dead_letter
(
    id           bigint      generated always as identity primary key,
    org          int         not null,
    mailbox      text        not null,
    folder       text        not null,
    item         text        not null,
    step         text        not null,
    reason       smallint    not null,
    problem      text        not null,
    content_hash bytea,
    failed_on    timestamptz not null,
    unique (mailbox, folder, item, org)
);

create index dead_letter_content on dead_letter (content_hash, org) where content_hash is not null;

-- Pairs of emails that a person parted.
create table apart
(
    org   int   not null,
    one   bytea not null,
    other bytea not null,
    primary key (org, one, other)
);

-- Raw mail. It is looked at when due: kept for good once tracked mail needs it, removed when nothing does.
create table content
(
    org        int         not null,
    hash       bytea       not null check (octet_length(hash) = 32),
    size       bigint      not null,
    encoding   smallint    not null,
    body       bytea       not null,
    created_on timestamptz not null,
    check_on   timestamptz,
    primary key (hash, org)
);

-- Bodies are compressed before they come here.
alter table content alter column body set storage external;

create index content_check on content (org, check_on) where check_on is not null;

create table content_part
(
    org        int         not null,
    upload_id  text        not null,
    position   bigint      not null,
    body       bytea       not null,
    created_on timestamptz not null,
    primary key (org, upload_id, position)
);

create index content_part_created on content_part (org, created_on);
