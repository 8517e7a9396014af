-- Which emails are to be listed anew: a row for each write, there until that was done.
create table listing_due
(
    id       integer primary key autoincrement,
    org      integer not null,
    email_id integer not null
) strict;

create index listing_due_org on listing_due (org, id);

-- Where an email stands in its lists. One position, one email: it is where a page ends, and its row in the search index.
create table listed_email
(
    email_id integer primary key,
    org      integer not null,
    position integer not null unique,
    lists    text    not null
) strict;

-- The ids of lists are computed with the organization's name in them.
create table listing
(
    list_id  blob    not null,
    position integer not null,
    email_id integer not null,
    primary key (list_id, position)
) strict, without rowid;

-- Terms are split and folded already: here they are what stands between blanks.
create virtual table email_terms using fts5(terms, detail = none, tokenize = "ascii tokenchars '_'");

create index record_queue_owner on record (owner_id, org) where logical_name = 'queue' and owner_id is not null;

insert into listing_due (org, email_id) select org, id from email where left_out is null order by received_on desc;
