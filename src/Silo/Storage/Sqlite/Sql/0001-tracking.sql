-- What is tracked, in one file: the same tables and columns as on PostgreSQL. Enumerations are stored as the numbers that the C#
-- types document; keys and ids are blobs of 16 bytes (ids in the order of their digits), hashes of 32; times are microseconds
-- since 1970, UTC; booleans 0 and 1. One thread writes, many changes in one transaction, each in a savepoint of its own. Child
-- rows carry the number of their parent and no foreign key: they are written in the same transaction as the parent.

create table organization
(
    id   integer primary key,
    name text    not null unique
) strict;

-- The highest version is in force.
create table setting
(
    org        integer not null,
    version    integer not null,
    body       text    not null,
    changed_by text    not null,
    changed_on integer not null,
    primary key (org, version)
) strict, without rowid;

create table mailbox
(
    id          integer primary key,
    org         integer not null,
    address     text    not null,
    is_queue    integer not null,
    owner_table text,
    owner_id    blob,
    filter      integer not null,
    created_on  integer not null,
    unique (org, address)
) strict;

create table mailbox_tracking_folder
(
    mailbox_id      integer not null,
    name            text    not null,
    regarding_table text,
    regarding_id    blob,
    primary key (mailbox_id, name)
) strict, without rowid;

create table record
(
    org          integer not null,
    logical_name text    not null,
    id           blob    not null,
    name         text    not null,
    is_active    integer not null,
    owner_id     blob,
    created_on   integer not null,
    primary key (org, logical_name, id)
) strict, without rowid;

create table record_address
(
    org          integer not null,
    address      text    not null,
    logical_name text    not null,
    id           blob    not null,
    primary key (org, address, logical_name, id)
) strict, without rowid;

create index record_address_record on record_address (org, logical_name, id);

-- The version counts the changes of a conversation: a change names the one it was decided on. A merged conversation is an alias
-- of the one that holds its emails; an alias of an alias is not kept.
create table conversation
(
    id              integer primary key,
    org             integer not null,
    conversation_id blob    not null unique check (length(conversation_id) = 16),
    version         integer not null,
    merged_into     integer
) strict;

create index conversation_merged on conversation (merged_into) where merged_into is not null;

create table email
(
    id                   integer primary key,
    org                  integer not null,
    key                  blob    not null check (length(key) = 16),
    id_key               blob    not null check (length(id_key) = 16),
    activity_id          blob    not null unique,
    conversation_id      integer not null,
    is_founder           integer not null,
    message_id           text,
    in_reply_to          text,
    subject              text    not null,
    base_subject         text    not null,
    sent_on              integer,
    sender               text,
    sender_is_user       integer not null,
    sender_record_table  text,
    sender_record_id     blob,
    importance           integer not null,
    attachment_count     integer not null,
    auto_submitted       text,
    tracking_token       text,
    index_depth          integer not null,
    voice                blob    not null,
    ground               blob    not null,
    digest               blob    not null check (length(digest) = 16),
    admission            integer not null,
    correlation_method   integer not null,
    correlated_key       blob,
    correlated_is_parent integer not null,
    correlated_grounded  integer not null,
    subject_changed      integer not null,
    regarding_source     integer,
    regarding_table      text,
    regarding_id         blob,
    regarding_key        blob,
    is_outgoing          integer not null,
    accepting_is_queue   integer,
    accepting_position   integer,
    accepting_mailbox    text,
    receiving_mailbox    text    not null,
    content_hash         blob    not null check (length(content_hash) = 32),
    size                 integer not null,
    received_on          integer not null,
    created_on           integer not null,
    trace                text    not null,
    unique (org, key)
) strict;

-- Other mail under an id that is taken; all other mail is found by its key.
create index email_variant on email (org, id_key, id) where id_key <> key;
create index email_conversation on email (conversation_id);
create index email_token on email (org, tracking_token) where tracking_token is not null;
create index email_newest on email (org, coalesce(sent_on, received_on) desc, key);

-- The ids that an email names; one that leads out of its conversation is open.
create table claim
(
    email_id integer not null,
    position integer not null,
    key      blob    not null check (length(key) = 16),
    kind     integer not null,
    is_open  integer not null,
    primary key (email_id, position)
) strict, without rowid;

create index claim_key on claim (key);

create table activity_party
(
    email_id      integer not null,
    ordinal       integer not null,
    participation integer not null,
    address       text,
    name          text    not null,
    record_table  text,
    record_id     blob,
    primary key (email_id, ordinal)
) strict, without rowid;

create index activity_party_record on activity_party (record_id, record_table) where record_id is not null;
create index activity_party_address on activity_party (address);

create table regarding_claim
(
    email_id     integer not null,
    ordinal      integer not null,
    source       integer not null,
    record_table text    not null,
    record_id    blob    not null,
    mailbox      text,
    folder       text,
    position     integer not null,
    primary key (email_id, ordinal)
) strict, without rowid;

-- Every id that a mail bears or names. This primary key is where a parent and its answer, decided at the same time, meet; where
-- two that show the same email meet; and where an answer that waits for its parent meets it.
create table thread_key
(
    org             integer not null,
    key             blob    not null check (length(key) = 16),
    holder          integer,
    is_borne        integer not null,
    is_near_claimed integer not null,
    is_contested    integer not null,
    heard           integer not null,
    primary key (org, key)
) strict, without rowid;

-- What was decided of each copy that was seen.
create table sighting
(
    mailbox_id       integer not null,
    folder           text    not null,
    item             text    not null,
    org              integer not null,
    email_key        blob    not null check (length(email_key) = 16),
    folder_kind      integer not null,
    outcome          integer not null,
    reason           integer not null,
    settings_version integer not null,
    trace            text    not null,
    content_hash     blob    not null check (length(content_hash) = 32),
    size             integer not null,
    received_on      integer not null,
    decided_on       integer not null,
    primary key (mailbox_id, folder, item)
) strict;

create index sighting_email on sighting (org, email_key);
create index sighting_content on sighting (org, content_hash) where outcome in (1, 3, 4);
create index sighting_untracked on sighting (org, received_on) where outcome <> 1;

-- Which sighting waits for which id: for mail that bears it, or, by Thread-Index, for any mail of that conversation.
create table heard
(
    org        integer not null,
    key        blob    not null,
    mailbox_id integer not null,
    folder     text    not null,
    item       text    not null,
    by_index   integer not null,
    primary key (org, key, mailbox_id, folder, item)
) strict, without rowid;

create index heard_place on heard (mailbox_id, folder, item);

-- A client's name for a delivery, bound to the bytes that it delivered.
create table operation
(
    org          integer not null,
    mailbox      text    not null,
    id           text    not null,
    content_hash blob    not null,
    created_on   integer not null,
    primary key (org, mailbox, id)
) strict, without rowid;

create index operation_created on operation (org, created_on);

create table outbox
(
    mailbox_id integer not null,
    folder     text    not null,
    item       text    not null,
    org        integer not null,
    due_on     integer not null,
    attempts   integer not null,
    primary key (mailbox_id, folder, item)
) strict, without rowid;

create index outbox_due on outbox (org, due_on);

-- By address, not by mailbox: what cannot become a sighting may name a mailbox that is not there.
create table dead_letter
(
    id           integer primary key,
    org          integer not null,
    mailbox      text    not null,
    folder       text    not null,
    item         text    not null,
    step         text    not null,
    reason       integer not null,
    problem      text    not null,
    content_hash blob,
    failed_on    integer not null,
    unique (org, mailbox, folder, item)
) strict;

create index dead_letter_content on dead_letter (org, content_hash) where content_hash is not null;

-- Pairs of emails that a person parted.
create table apart
(
    org   integer not null,
    one   blob    not null,
    other blob    not null,
    primary key (org, one, other)
) strict, without rowid;

-- Raw mail. It is looked at when due: kept for good once tracked mail needs it, removed when nothing does.
create table content
(
    org        integer not null,
    hash       blob    not null check (length(hash) = 32),
    size       integer not null,
    encoding   integer not null,
    created_on integer not null,
    check_on   integer,
    body       blob    not null,
    primary key (org, hash)
) strict;

create index content_check on content (org, check_on) where check_on is not null;

create table content_part
(
    org        integer not null,
    upload_id  text    not null,
    position   integer not null,
    created_on integer not null,
    body       blob    not null,
    primary key (org, upload_id, position)
) strict;

create index content_part_created on content_part (org, created_on);
