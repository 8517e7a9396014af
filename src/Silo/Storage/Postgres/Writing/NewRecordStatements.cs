using EmailTracking.Tracking.Deciding;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>Records that unknown senders became. Their ids are computed from the addresses.</summary>
internal static class NewRecordStatements
{
    /// <summary>Appends the records of one organization, whose row is locked.</summary>
    public static void Append(NpgsqlBatch batch, int org, NewRecord[] records, DateTimeOffset now) => batch.Add(
        Insert,
        Value(org),
        Column(records, NpgsqlDbType.Text, record => record.Reference.LogicalName),
        Column(records, NpgsqlDbType.Uuid, record => record.Reference.Id),
        Column(records, NpgsqlDbType.Text, record => record.Name),
        Column(records, NpgsqlDbType.Uuid, record => record.OwnerId),
        Column(records, NpgsqlDbType.Text, record => record.Address.Value),
        Value(now.UtcDateTime));

    // Hundreds of mails of one sender at once, on several silos: each writes the same row, and whoever finds it there is content. It
    // is a change of the directory like any other: mail that was tracked before is linked to it in the background. Where somebody
    // loaded a record with the address meanwhile, or took the address from the one that was made, nothing is made, and the mail that
    // asked for it is resolved anew: that too is noted. Whoever resolves to nobody does not count as having the address, as when the
    // mail was decided (FactsSql.Records).
    private const string Insert = """
        with given as (
            select u.* from unnest($2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::text[]) as u(logical_name, id, name, owner_id, address)
        ),
        held as materialized (
            select g.address, g.logical_name, g.id, bool_or(a.logical_name = g.logical_name and a.id = g.id) as is_own
            from given g
            join record_address a on a.org = $1 and a.address = g.address
            join record r on r.org = $1 and r.logical_name = a.logical_name and r.id = a.id and r.deleted_on is null
            left join record m on m.org = $1 and m.logical_name = r.successor_table and m.logical_name = r.logical_name
                and m.id = r.successor_id and m.deleted_on is null
            where (m.id is not null or r.successor_table is distinct from r.logical_name)
                and not exists (
                    select from crm_table t where t.org = $1 and t.logical_name = a.logical_name and not t.is_activity_enabled)
            group by g.address, g.logical_name, g.id
        ),
        created as (
            insert into record (org, logical_name, id, name, is_active, owner_id, created_on)
            select $1, g.logical_name, g.id, g.name, true, g.owner_id, $7 from given g
            where not exists (select from held h where h.logical_name = g.logical_name and h.id = g.id)
            on conflict (id, logical_name, org) do update set
                deleted_on = null, is_active = record.successor_table is distinct from record.logical_name
            where record.deleted_on is not null
            returning logical_name, id
        ),
        addressed as (
            insert into record_address (org, address, logical_name, id)
            select $1, g.address, g.logical_name, g.id from given g join created c on c.logical_name = g.logical_name and c.id = g.id
            on conflict (address, org, logical_name, id) do update set is_own = true
        ),
        concerned as (
            select g.address from given g
            where not exists (select from held h where h.logical_name = g.logical_name and h.id = g.id and h.is_own)
            union
            select a.address from created c join record_address a on a.org = $1 and a.logical_name = c.logical_name and a.id = c.id
        ),
        taken as (
            update organization set directory_version = directory_version + 1 where id = $1 and exists (select from concerned)
            returning directory_version
        )
        insert into directory_change (org, version, changed_on, addresses)
        select $1, taken.directory_version, $7, array(select c.address from concerned c order by c.address) from taken
        """;
}
