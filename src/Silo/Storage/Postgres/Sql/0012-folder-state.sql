-- Messages below this number lay in the folder before it was followed; and since when it is listed and cannot be opened.
alter table mailbox_folder add column begin_number bigint not null default 0, add column closed_on timestamptz;
