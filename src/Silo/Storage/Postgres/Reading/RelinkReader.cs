using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>Finds emails whose parties may be others today, and reads what resolving them anew may ask: six statements of one snapshot, and one more.</summary>
internal sealed class RelinkReader(PostgresSources sources, PostgresNames names)
{
    // $1 organization, $2 addresses, $3 version, $4 after, $5 how many.
    private const string Find = """
        select distinct p.email_id from unnest($2::text[]) w(address)
        cross join lateral (
            select x.email_id from activity_party x where x.address = w.address and x.email_id > $4 offset 0
        ) p
        cross join lateral (
            select x.id from email x where x.id = p.email_id and x.org = $1 and x.directory_version < $3 offset 0
        ) e
        order by p.email_id limit $5
        """;

    // $1 organization, $2 emails.
    private const string Own = """
        own as materialized (
            select e.* from unnest($2::bigint[]) k(id)
            cross join lateral (select x.id, x.sender, x.accepting_mailbox from email x where x.id = k.id and x.org = $1 offset 0) e
        )
        """;

    internal const string Emails = $"""
        select {StoredEmails.Columns}, e.party_trace from unnest($2::bigint[]) k(id)
        cross join lateral (select x.* from email x where x.id = k.id and x.org = $1 offset 0) e
        {StoredEmails.Joins}
        order by e.id
        """;

    internal const string Parties = $"""
        with {Own}
        select p.email_id, p.participation, p.address, p.name, p.record_table, p.record_id from own
        cross join lateral (select x.* from activity_party x where x.email_id = own.id offset 0) p
        order by p.email_id, p.ordinal
        """;

    internal const string Mailboxes = $"""
        with {Own},
        wanted as (select distinct own.accepting_mailbox as address from own where own.accepting_mailbox is not null)
        select {StoredMailboxes.Columns} from wanted
        cross join lateral (select x.* from mailbox x where x.org = $1 and x.address = wanted.address offset 0) m
        """;

    internal const string Directory = $"""
        with {Own},
        person as (
            select own.sender from own where own.sender is not null
            union select p.address from own
            cross join lateral (select x.address from activity_party x where x.email_id = own.id and x.address is not null offset 0) p
        ),
        wanted as (
            select sender as address from person
            union select {FactsSql.Plain} from person where {FactsSql.HasSubaddress}
            union select own.accepting_mailbox from own where own.accepting_mailbox is not null
        )
        {FactsSql.Records}
        """;

    internal const string Related = $"""
        with {Own},
        person as (select own.sender from own where own.sender is not null),
        asked as (
            select sender as address from person union select {FactsSql.Plain} from person where {FactsSql.HasSubaddress}
        ),
        {FactsSql.RelatedOfAsked}
        """;

    internal const string Acts = $"""
        select {StoredActs.Columns} from (
            select distinct n.act_id from unnest($2::bigint[]) k(id)
            cross join lateral (select x.key from email x where x.id = k.id and x.org = $1 offset 0) e
            cross join lateral (select x.act_id from act_email x where x.org = $1 and x.email_key = e.key offset 0) n
        ) i
        cross join lateral (select x.* from act x where x.act_id = i.act_id offset 0) a
        """;

    /// <summary>The row numbers of emails that have not seen a change, ascending.</summary>
    public async Task<ImmutableArray<long>> FindAsync(
        string organization, EmailTracking.Storage.DirectoryChange change, long after, int countMax, CancellationToken cancellationToken)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var connection = await sources.Reads.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            Find,
            Value(org),
            Column(change.Addresses, NpgsqlDbType.Text, address => address.Value),
            Value(change.Version),
            Value(after),
            Value(countMax));
        await using var reader = await batch.ExecutePreparedAsync(sources.Reads, cancellationToken);
        return [.. await Rows.AllAsync(reader, row => row.GetInt64(0)).ToListAsync(cancellationToken)];
    }

    /// <summary>Everything that resolving the parties of some emails anew may ask.</summary>
    public async Task<RelinkFacts> ReadAsync(string organization, ImmutableArray<long> rows, CancellationToken cancellationToken)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        var read = await ReadAsync(org, rows, cancellationToken);
        return read.Facts.Settings.Parties.RegardingFromSender == RegardingFromSender.Link
            ? read with { Facts = read.Facts with { Related = await ReadRelatedAsync(org, rows, cancellationToken) } }
            : read;
    }

    // Whose case it is has no version: what is open is asked when it is needed.
    private async Task<Dictionary<RecordReference, ImmutableArray<RecordReference>>> ReadRelatedAsync(
        int org, ImmutableArray<long> rows, CancellationToken cancellationToken)
    {
        await using var connection = await sources.Reads.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Related, Value(org), Column(rows, NpgsqlDbType.Bigint, row => row));
        await using var reader = await batch.ExecutePreparedAsync(sources.Reads, cancellationToken);
        return FactsReader.BySender(await Rows.AllAsync(reader, FactsReader.Related).ToListAsync(cancellationToken));
    }

    private async Task<RelinkFacts> ReadAsync(int org, ImmutableArray<long> rows, CancellationToken cancellationToken)
    {
        await using var connection = await sources.Reads.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(FactsReader.Settings, Value(org));
        foreach (var sql in new[] { Emails, Parties, Mailboxes, Directory, Acts })
        {
            batch.Add(sql, Value(org), Column(rows, NpgsqlDbType.Bigint, row => row));
        }

        await using var reader = await batch.ExecutePreparedAsync(sources.Reads, cancellationToken);
        var (settings, version) = await FactsReader.ReadSettingsAsync(reader, cancellationToken);
        var emails = await FactsReader.NextAsync(
            reader, row => (Stored: StoredEmails.Read(row), Trace: Rows.Text(row, StoredEmails.ColumnCount)), cancellationToken)
            .ToArrayAsync(cancellationToken);
        var parties = (await FactsReader.NextAsync(reader, row => (Email: row.GetInt64(0), Party: Party(row)), cancellationToken)
            .ToArrayAsync(cancellationToken))
            .ToLookup(row => row.Email, row => row.Party);
        var mailboxes = await FactsReader.NextAsync(reader, StoredMailboxes.Read, cancellationToken).ToArrayAsync(cancellationToken);
        var directory = await FactsReader.NextAsync(
            reader, row => (Address: Rows.Address(row, 0)!.Value, Record: Rows.MeantFacts(row, 1)), cancellationToken)
            .ToArrayAsync(cancellationToken);
        var acts = await FactsReader.NextAsync(reader, StoredActs.Read, cancellationToken).ToArrayAsync(cancellationToken);
        return new RelinkFacts(
            new TrackingSnapshot
            {
                Settings = settings,
                DirectoryVersion = version,
                Mailboxes = mailboxes.ToDictionary(mailbox => mailbox.Mailbox.Address, mailbox => mailbox.Mailbox),
                Directory = directory.GroupBy(row => row.Address, row => row.Record)
                    .ToDictionary(group => group.Key, group => group.ToImmutableArray()),
                Emails = emails.ToDictionary(email => email.Stored.Email.Facts.Key, email => email.Stored.Email),
                Conversations = emails.Select(email => email.Stored.Conversation).DistinctBy(conversation => conversation.Id)
                    .ToDictionary(conversation => conversation.Id),
                Acts = [.. acts],
            },
            [
                .. emails.Select(email => new StoredParties(
                    email.Stored.Email.Facts.Key,
                    [.. parties[email.Stored.Email.Row]],
                    email.Trace is { } trace ? TraceJson.Read(trace) : [])),
            ]);
    }

    private static ActivityParty Party(NpgsqlDataReader row) => new(
        new Participant((ParticipationType)row.GetInt16(1), Rows.Address(row, 2), row.GetString(3)), Rows.Record(row, 4));
}
