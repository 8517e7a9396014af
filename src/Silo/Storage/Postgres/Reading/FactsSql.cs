namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>The statements of <see cref="FactsReader"/>.</summary>
/// <remarks>
/// A lateral join with "offset 0" is looked up once for every row before it, whatever the planner thinks of the tables' sizes; an
/// order by "id + 0" cannot be had by walking the whole primary key.
/// Parameters: $1 organization, $2 keys of the emails that the sightings may show, $3 ids that they bear or name, $4 tokens.
/// </remarks>
internal static class FactsSql
{
    /// <summary>Mail under one id that is looked at, and mail that carries one token: an outsider can make any number of either.</summary>
    private const string SharersMax = "256";

    // The emails that the sightings may be copies of: their ids, senders and mailboxes count as if the batch named them.
    private const string Copy = """
        copy as materialized (
            select e.* from unnest($2::bytea[]) k(key)
            cross join lateral (
                select x.id, x.sender, x.accepting_mailbox from email x where x.org = $1 and x.key = k.key offset 0
            ) e
        )
        """;

    private const string Id = $"""
        {Copy},
        carrier as materialized (
            select e.* from unnest($4::text[]) t(token)
            cross join lateral (
                select x.id, x.id_key from email x where x.org = $1 and x.tracking_token = t.token
                order by x.id + 0 desc limit {SharersMax}
            ) e
        ),
        id as materialized (
            select k.key from unnest($3::bytea[]) k(key)
            union select n.key from copy cross join lateral (select x.key from claim x where x.email_id = copy.id offset 0) n
            union select carrier.id_key from carrier
        )
        """;

    private const string Found = $"""
        {Id},
        found as materialized (
            select copy.id from copy
            union select carrier.id from carrier
            union select e.id from id
            cross join lateral (select x.id from email x where x.org = $1 and x.key = id.key offset 0) e
            union select e.id from id
            cross join lateral (
                select x.id from email x where x.org = $1 and x.id_key = id.key and x.id_key <> x.key order by x.id + 0 limit {SharersMax}
            ) e
            union select t.holder from id
            cross join lateral (
                select x.holder from thread_key x where x.org = $1 and x.key = id.key and x.holder is not null offset 0
            ) t
        )
        """;

    // The mailboxes of the users and queues that have the addresses of recipients.
    private const string Aliased = """
        select m.address from unnest($4::text[]) r(address)
        cross join lateral (
            select x.logical_name, x.id from record_address x where x.org = $1 and x.address = r.address offset 0
        ) a
        cross join lateral (
            select x.address from mailbox x where x.org = $1 and x.owner_id = a.id and x.owner_table = a.logical_name offset 0
        ) m
        """;

    /// <summary>$3: addresses; $4: addresses of recipients, whose users and queues may have others.</summary>
    public const string Mailboxes = $"""
        with {Copy},
        wanted as (
            select unnest($3::text[]) as address union select unnest($4::text[])
            union select accepting_mailbox from copy where accepting_mailbox is not null
            union {Aliased}
        )
        select {StoredMailboxes.Columns} from wanted
        cross join lateral (select x.* from mailbox x where x.org = $1 and x.address = wanted.address offset 0) m
        """;

    /// <summary>Whether <c>sender</c> is ana+news@contoso.com, and what it is then without what follows the sign (RFC 5233).</summary>
    public const string HasSubaddress = "strpos(sender, '+') between 2 and strpos(sender, '@') - 1";

    /// <inheritdoc cref="HasSubaddress"/>
    public const string Plain = "substr(sender, 1, strpos(sender, '+') - 1) || substr(sender, strpos(sender, '@'))";

    /// <summary>The records of the addresses <c>wanted</c>: a merged one is its master, a deleted one and one of a table that takes no activities nobody.</summary>
    public const string Records = """
        select wanted.address, r.logical_name, coalesce(m.id, r.id) as id,
            coalesce(m.is_active, r.is_active) as is_active, case when m.id is null then r.owner_id else m.owner_id end as owner_id,
            coalesce(m.created_on, r.created_on) as created_on, bool_or(a.is_chosen), bool_or(a.is_own)
        from wanted
        cross join lateral (
            select x.logical_name, x.id, x.is_chosen, x.is_own from record_address x
            where x.org = $1 and x.address = wanted.address and not exists (
                select from crm_table t where t.org = $1 and t.logical_name = x.logical_name and not t.is_activity_enabled offset 0)
            offset 0
        ) a
        cross join lateral (
            select x.* from record x where x.org = $1 and x.logical_name = a.logical_name and x.id = a.id and x.deleted_on is null offset 0
        ) r
        left join lateral (
            select x.* from record x
            where x.org = $1 and x.logical_name = r.successor_table and x.id = r.successor_id and x.deleted_on is null offset 0
        ) m on m.logical_name = r.logical_name
        where m.id is not null or r.successor_table is distinct from r.logical_name
        group by 1, 2, 3, 4, 5, 6
        order by 1, 2, 3
        """;

    /// <summary>$3: addresses; $4: addresses of recipients, as for <see cref="Mailboxes"/>: whose a queue is stands by its mailbox's address.</summary>
    public const string Directory = $"""
        with {Copy},
        wanted as (
            select unnest($3::text[]) as address union select sender from copy where sender is not null
            union select {Plain} from copy where {HasSubaddress}
            union select accepting_mailbox from copy where accepting_mailbox is not null
            union {Aliased}
        )
        {Records}
        """;

    /// <summary>
    /// $2: addresses of senders. For each of their records its account, and the newest open cases and opportunities of both.
    /// </summary>
    public const string Related = $"""
        with asked as (select unnest($2::text[]) as address),
        {RelatedOfAsked}
        """;

    /// <summary>For the records of the addresses <c>asked</c> what <see cref="Related"/> says.</summary>
    public const string RelatedOfAsked = """
        sender as (
            select distinct r.logical_name, coalesce(m.id, r.id) as id,
                case when m.id is null then r.customer_table else m.customer_table end as customer_table,
                case when m.id is null then r.customer_id else m.customer_id end as customer_id
            from asked
            cross join lateral (
                select x.logical_name, x.id from record_address x where x.org = $1 and x.address = asked.address offset 0
            ) a
            cross join lateral (
                select x.* from record x where x.org = $1 and x.logical_name = a.logical_name and x.id = a.id and x.deleted_on is null offset 0
            ) r
            left join lateral (
                select x.* from record x
                where x.org = $1 and x.logical_name = r.successor_table and x.id = r.successor_id and x.deleted_on is null offset 0
            ) m on m.logical_name = r.logical_name
            where r.logical_name in ('contact', 'account', 'lead')
        ),
        account as (
            select s.logical_name, s.id, coalesce(m.logical_name, r.logical_name) as account_table, coalesce(m.id, r.id) as account_id
            from sender s
            join record r on r.org = $1 and r.logical_name = s.customer_table and r.id = s.customer_id and r.deleted_on is null
            left join record m on m.org = $1 and m.logical_name = r.successor_table and m.logical_name = r.logical_name
                and m.id = r.successor_id and m.deleted_on is null
            where s.customer_table = 'account' and coalesce(m.is_active, r.is_active)
        ),
        customer as (
            select s.logical_name, s.id, s.logical_name as customer_table, s.id as customer_id from sender s
            union select a.logical_name, a.id, a.account_table, a.account_id from account a
        )
        select c.logical_name, c.id, o.logical_name, o.id from customer c
        cross join lateral (
            select x.logical_name, x.id from record x
            where x.org = $1 and x.customer_id = c.customer_id and x.customer_table = c.customer_table and x.is_active
                and x.logical_name in ('incident', 'opportunity') and x.deleted_on is null
            order by x.created_on desc, x.id limit 10
        ) o
        union all select a.logical_name, a.id, a.account_table, a.account_id from account a
        """;

    /// <summary>The emails that bear or hold the ids.</summary>
    public const string Emails = $"""
        with {Found}
        select {StoredEmails.Columns} from found
        cross join lateral (select x.* from email x where x.id = found.id offset 0) e
        {StoredEmails.Joins}
        """;

    /// <summary>The rows of the ids.</summary>
    public const string Keys = $"""
        with {Id}
        select t.key, e.key, t.is_borne, t.is_near_claimed, t.is_contested from id
        cross join lateral (select x.* from thread_key x where x.org = $1 and x.key = id.key offset 0) t
        left join lateral (select x.key from email x where x.id = t.holder offset 0) e on true
        """;

    /// <summary>What was decided of the same emails, and at the same places. $3, $4, $5: mailboxes, folders, items.</summary>
    public const string Decisions = """
        select m.address, s.folder, s.item, s.email_key, s.folder_kind, s.outcome, s.reason, s.content_hash,
            coalesce(s.seen_on, s.decided_on)
        from unnest($2::bytea[]) k(key)
        cross join lateral (select x.* from sighting x where x.org = $1 and x.email_key = k.key offset 0) s
        cross join lateral (select x.address from mailbox x where x.id = s.mailbox_id offset 0) m
        union all
        select p.mailbox, s.folder, s.item, s.email_key, s.folder_kind, s.outcome, s.reason, s.content_hash,
            coalesce(s.seen_on, s.decided_on)
        from unnest($3::text[], $4::text[], $5::text[]) p(mailbox, folder, item)
        cross join lateral (select x.id from mailbox x where x.org = $1 and x.address = p.mailbox offset 0) m
        cross join lateral (
            select x.* from sighting x where x.mailbox_id = m.id and x.folder = p.folder and x.item = p.item offset 0
        ) s
        """;

    /// <summary>What people did with the emails that the sightings may show.</summary>
    public const string Acts = $"""
        select {StoredActs.Columns} from (
            select distinct n.act_id from unnest($2::bytea[]) k(key)
            cross join lateral (select x.act_id from act_email x where x.org = $1 and x.email_key = k.key offset 0) n
        ) i
        cross join lateral (select x.* from act x where x.act_id = i.act_id offset 0) a
        """;
}
