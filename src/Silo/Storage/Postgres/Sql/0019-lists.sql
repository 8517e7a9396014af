-- Which emails are to be listed anew: a row for each write, there until that was done.
create table listing_due
(
    id       bigint generated always as identity primary key,
    org      int    not null,
    email_id bigint not null
);

create index listing_due_org on listing_due (org, id);

-- Where an email stands in its lists, and by what it is found. One position, one email: it is where a page ends.
create table listed_email
(
    email_id bigint   primary key,
    org      int      not null,
    position bigint   not null,
    lists    uuid[]   not null,
    terms    tsvector not null
);

create unique index listed_email_position on listed_email (org, position);
create index listed_email_terms on listed_email using gin (terms);

-- The ids of lists are computed with the organization's name in them.
create table listing
(
    list_id  uuid   not null,
    position bigint not null,
    email_id bigint not null,
    primary key (list_id, position) include (email_id)
);

create index record_queue_owner on record (owner_id, org) where logical_name = 'queue' and owner_id is not null;

insert into listing_due (org, email_id) select org, id from email where left_out is null order by received_on desc;
