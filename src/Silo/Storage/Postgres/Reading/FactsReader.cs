using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>Reads what deciding a batch may ask: eight statements at most, of one snapshot, in one round trip.</summary>
internal sealed class FactsReader(PostgresSources sources, PostgresNames names, RuleReader rules, CommitMetrics metrics)
{
    private const int ReadsMax = 5;

    // Settings tell what to ask for (which words of a subject are tokens, whose mailboxes), so they are needed before they are read.
    // They hardly ever change.
    private readonly System.Collections.Concurrent.ConcurrentDictionary<int, TrackingSettings> _settings = new();

    /// <summary>The settings in force, and the version of the directory.</summary>
    internal const string Settings = """
        select s.version, s.body, o.directory_version, o.has_rules from organization o
        left join lateral (select x.version, x.body from setting x where x.org = o.id order by x.version desc limit 1) s on true
        where o.id = $1
        """;

    public async Task<TrackingSnapshot> ReadAsync(
        string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var used = _settings.GetValueOrDefault(org) ?? new TrackingSettings();
            var (snapshot, hasRules) = await ReadAsync(org, sightings, used, cancellationToken);
            _settings[org] = snapshot.Settings;
            if (attempt == ReadsMax || snapshot.Settings.AsksAlike(used))
            {
                return hasRules && RuleRecords.AreAsked(snapshot, sightings)
                    ? await rules.WidenAsync(org, snapshot, sightings, cancellationToken)
                    : snapshot;
            }
        }
    }

    private async Task<(TrackingSnapshot Snapshot, bool HasRules)> ReadAsync(
        int org, ImmutableArray<Sighting> sightings, TrackingSettings settings, CancellationToken cancellationToken)
    {
        var asked = new AskedFacts(org, sightings, settings);
        await using var connection = await sources.Reads.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Settings, Value(org));
        batch.Add(FactsSql.Mailboxes, asked.Org(), asked.Copies(), asked.MailboxAddresses(), asked.RecipientAddresses());
        batch.Add(FactsSql.Directory, asked.Org(), asked.Copies(), asked.Addresses(), asked.RecipientAddresses());
        batch.Add(FactsSql.Emails, asked.Org(), asked.Copies(), asked.Ids(), asked.Tokens());
        batch.Add(FactsSql.Keys, asked.Org(), asked.Copies(), asked.Ids(), asked.Tokens());
        batch.Add(FactsSql.Decisions, [asked.Org(), asked.Copies(), .. asked.Places()]);
        batch.Add(FactsSql.Acts, asked.Org(), asked.Copies());
        if (settings.AsksRelated)
        {
            batch.Add(FactsSql.Related, asked.Org(), asked.Senders());
        }

        metrics.Statements(batch.BatchCommands.Count);

        await using var reader = await batch.ExecutePreparedAsync(sources.Reads, cancellationToken);
        var (read, directoryVersion) = await ReadSettingsAsync(reader, cancellationToken);
        var hasRules = reader.GetBoolean(3);
        var mailboxes = new Dictionary<EmailAddress, MailboxFacts>();
        await foreach (var (id, mailbox) in NextAsync(reader, StoredMailboxes.Read, cancellationToken))
        {
            mailboxes[mailbox.Address] = mailbox;
            names.Learn(org, mailbox.Address, id);
        }

        var directory = await NextAsync(reader, row => (Address: Rows.Address(row, 0)!.Value, Record: Rows.MeantFacts(row, 1)), cancellationToken)
            .GroupBy(row => row.Address, row => row.Record)
            .ToDictionaryAsync(group => group.Key, group => group.ToImmutableArray(), cancellationToken: cancellationToken);
        var emails = await NextAsync(reader, StoredEmails.Read, cancellationToken).ToArrayAsync(cancellationToken);
        var keys = await NextAsync(reader, Rows.KeyFacts, cancellationToken).ToArrayAsync(cancellationToken);
        var decisions = await NextAsync(reader, Decision, cancellationToken).ToArrayAsync(cancellationToken);
        var acts = await NextAsync(reader, StoredActs.Read, cancellationToken).ToArrayAsync(cancellationToken);
        var related = settings.AsksRelated
            ? await NextAsync(reader, Related, cancellationToken).ToArrayAsync(cancellationToken)
            : [];
        var snapshot = new TrackingSnapshot
        {
            Settings = read,
            Mailboxes = mailboxes,
            Directory = directory,
            DirectoryVersion = directoryVersion,
            Related = BySender(related),
            Keys = keys.ToDictionary(key => key.Key),
            Emails = emails.ToDictionary(email => email.Email.Facts.Key, email => email.Email),
            Conversations = emails
                .Select(email => email.Conversation)
                .DistinctBy(conversation => conversation.Id)
                .ToDictionary(conversation => conversation.Id),
            Decisions = [.. decisions.DistinctBy(decision => decision.Place)],
            Tokens = asked.ByToken(emails.Select(email => email.Email)),
            Acts = [.. acts],
        };
        return (snapshot, hasRules);
    }

    /// <summary>Reads the row of <see cref="Settings"/>.</summary>
    public static async Task<(TrackingSettings Settings, long DirectoryVersion)> ReadSettingsAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        return (
            reader.IsDBNull(0) ? new TrackingSettings() : SettingsJson.Read(reader.GetInt64(0), reader.GetString(1)),
            reader.GetInt64(2));
    }

    internal static async IAsyncEnumerable<T> NextAsync<T>(
        NpgsqlDataReader reader,
        Func<NpgsqlDataReader, T> row,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return row(reader);
        }
    }

    internal static (RecordReference Sender, RecordReference Record) Related(NpgsqlDataReader reader) =>
        (Rows.Record(reader, 0)!.Value, Rows.Record(reader, 2)!.Value);

    internal static Dictionary<RecordReference, ImmutableArray<RecordReference>> BySender(
        IEnumerable<(RecordReference Sender, RecordReference Record)> related) => related
        .GroupBy(row => row.Sender, row => row.Record)
        .ToDictionary(group => group.Key, group => group.Distinct().ToImmutableArray());

    private static StandingDecision Decision(NpgsqlDataReader reader) => new(
        Rows.Place(reader, 0),
        Rows.Key(reader, 3),
        (FolderKind)reader.GetInt16(4),
        (Outcome)reader.GetInt16(5),
        (ReasonCode)reader.GetInt16(6),
        Rows.Hash(reader, 7))
    {
        SeenOn = Rows.Time(reader, 8),
    };
}
