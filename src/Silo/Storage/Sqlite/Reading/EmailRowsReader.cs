using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>Emails as they are shown, out of their activity and the decisions on their copies.</summary>
internal static class EmailRowsReader
{
    // What the record became that an email is about: merged, then converted, is as far as it goes.
    private const string Shown = """
        select e.id, e.message_id, e.subject, e.content_hash, e.receiving_mailbox,
            coalesce(f2.successor_table, f1.successor_table), coalesce(f2.successor_id, f1.successor_id),
            case when f2.successor_id is not null then f3.deleted_on when f1.successor_id is not null then f2.deleted_on else f1.deleted_on end
        from json_each($1) k cross join email e on e.id = k.value
        left join record f1 on f1.org = e.org and f1.logical_name = e.regarding_table and f1.id = e.regarding_id
        left join record f2 on f2.org = e.org and f2.logical_name = f1.successor_table and f2.id = f1.successor_id
        left join record f3 on f3.org = e.org and f3.logical_name = f2.successor_table and f3.id = f2.successor_id
        """;

    private const string Copies = """
        select s.email_key, m.address, s.outcome, s.reason
        from json_each($2) k
        cross join sighting s on s.org = $1 and s.email_key = unhex(k.value)
        cross join mailbox m on m.id = s.mailbox_id
        """;

    /// <summary>Reads emails.</summary>
    /// <returns>One row for each key that was ever seen, in the order of the keys.</returns>
    public static ImmutableArray<EmailRow> Read(
        SqliteSession session, string organization, long org, IReadOnlyCollection<MessageKey> keys)
    {
        var emails = StoredEmails.Read(session, org, StoredKeys.ReadBearers(session, org, keys));
        var shown = session.Query(
            Shown,
            row => (Id: row.GetInt64(0), MessageId: row.Text(1), Subject: row.GetString(2), Hash: row.Hash(3), Mailbox: row.Address(4), Fate: FateOf(row)),
            Values.Many(emails.Select(email => email.Email.Row)))
            .ToDictionary(row => row.Id);
        var activities = emails.Select(email => email.Email).ToDictionary(email => email.Facts.Key, email =>
        {
            var (_, messageId, subject, hash, mailbox, fate) = shown[email.Row];
            var correlation = email.State.Correlation;
            Guid? correlated = correlation.Email is { } other ? NamedId.OfActivity(organization, other) : null;
            return new ActivityRow
            {
                ActivityId = email.ActivityId,
                MessageId = messageId,
                Subject = subject,
                Sender = email.Sender,
                SentOn = email.Facts.SentOn,
                State = email.State,
                CorrelatedActivityId = correlated,
                ParentActivityId = correlation.IsParent ? correlated : null,
                ContentHash = hash,
                ReceivingMailbox = mailbox,
                TrackingToken = email.TrackingToken,
                Owner = email.Owner,
                RegardingFate = fate,
            };
        });
        var copies = session.Query(
            Copies,
            row => new SeenCopy(row.Key(0), row.Address(1), (Outcome)row.GetInt32(2), (ReasonCode)row.GetInt32(3)),
            org,
            Values.Many(keys))
            .ToLookup(copy => copy.Email);
        return
        [
            .. keys.Where(copies.Contains).Select(key => SeenCopy.RowOf(key, activities.GetValueOrDefault(key), [.. copies[key]])),
        ];
    }

    private static RegardingFate? FateOf(SqliteDataReader row)
    {
        var (successor, deletedOn) = (row.Record(5), row.IsDBNull(7) ? default(DateTimeOffset?) : row.Time(7));
        return successor is null && deletedOn is null ? null : new RegardingFate(successor, deletedOn);
    }
}
