using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>Emails as they are shown, out of their activity and the decisions on their copies.</summary>
internal static class EmailRowsReader
{
    // What the record became that an email is about: merged, then converted, is as far as it goes.
    private const string Fate = """
        left join lateral (
            select x.* from record x where x.org = $1 and x.id = e.regarding_id and x.logical_name = e.regarding_table offset 0
        ) f1 on true
        left join lateral (
            select x.* from record x where x.org = $1 and x.id = f1.successor_id and x.logical_name = f1.successor_table offset 0
        ) f2 on true
        left join lateral (
            select x.* from record x where x.org = $1 and x.id = f2.successor_id and x.logical_name = f2.successor_table offset 0
        ) f3 on true
        """;

    // $1 organization, $2 keys.
    private const string Activities = $"""
        select {StoredEmails.Columns}, e.message_id, e.subject, e.content_hash, e.receiving_mailbox,
            coalesce(f2.successor_table, f1.successor_table), coalesce(f2.successor_id, f1.successor_id),
            case when f2.successor_id is not null then f3.deleted_on when f1.successor_id is not null then f2.deleted_on else f1.deleted_on end
        from unnest($2::bytea[]) k(key)
        cross join lateral (select x.* from email x where x.org = $1 and x.key = k.key offset 0) e
        {StoredEmails.Joins}
        {Fate}
        """;

    private const string Decisions = """
        select s.email_key, m.address, s.outcome, s.reason
        from unnest($2::bytea[]) k(key)
        cross join lateral (select x.* from sighting x where x.org = $1 and x.email_key = k.key offset 0) s
        join mailbox m on m.id = s.mailbox_id
        """;

    /// <summary>Reads emails.</summary>
    /// <returns>One row for each key that was ever seen, in the order of the keys.</returns>
    public static async Task<ImmutableArray<EmailRow>> ReadAsync(
        NpgsqlDataSource source, string organization, int org, IReadOnlyList<MessageKey> keys, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Activities, Value(org), Keys(keys, key => key));
        batch.Add(Decisions, Value(org), Keys(keys, key => key));
        await using var reader = await batch.ExecutePreparedAsync(source, cancellationToken);
        var activities = await Rows.AllAsync(reader, row => Activity(row, organization))
            .ToDictionaryAsync(row => row.Key, row => row.Activity, cancellationToken: cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var decisions = (await Rows.AllAsync(reader, Decision).ToListAsync(cancellationToken)).ToLookup(row => row.Email);
        return
        [
            .. keys.Where(key => decisions.Contains(key))
                .Select(key => SeenCopy.RowOf(key, activities.GetValueOrDefault(key), [.. decisions[key]])),
        ];
    }

    private static (MessageKey Key, ActivityRow Activity) Activity(NpgsqlDataReader reader, string organization)
    {
        const int own = StoredEmails.ColumnCount;
        var email = StoredEmails.Read(reader).Email;
        var correlation = email.State.Correlation;
        Guid? correlated = correlation.Email is { } other ? NamedId.OfActivity(organization, other) : null;
        return (email.Facts.Key, new ActivityRow
        {
            ActivityId = email.ActivityId,
            MessageId = Rows.Text(reader, own),
            Subject = reader.GetString(own + 1),
            Sender = email.Sender,
            SentOn = email.Facts.SentOn,
            State = email.State,
            CorrelatedActivityId = correlated,
            ParentActivityId = correlation.IsParent ? correlated : null,
            ContentHash = Rows.Hash(reader, own + 2),
            ReceivingMailbox = Rows.Address(reader, own + 3)!.Value,
            TrackingToken = email.TrackingToken,
            Owner = email.Owner,
            RegardingFate = FateOf(Rows.Record(reader, own + 4), Rows.TimeOrNull(reader, own + 6)),
        });
    }

    private static RegardingFate? FateOf(RecordReference? successor, DateTimeOffset? deletedOn) =>
        successor is null && deletedOn is null ? null : new RegardingFate(successor, deletedOn);

    private static SeenCopy Decision(NpgsqlDataReader reader) => new(
        Rows.Key(reader, 0), Rows.Address(reader, 1)!.Value, (Outcome)reader.GetInt16(2), (ReasonCode)reader.GetInt16(3));
}
