-- What is held is found by that: listed anew, since it was listed without it.
insert into listing_due (org, email_id) select org, id from email where left_out is null and admission = 0;
