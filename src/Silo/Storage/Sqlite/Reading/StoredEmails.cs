using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>An email as it is read, with its conversation's version and row number.</summary>
internal sealed record StoredEmail(KnownEmail Email, ConversationFacts Facts, long Conversation);

/// <summary>Emails by their row numbers, with their claims.</summary>
internal static class StoredEmails
{
    private const string Emails = """
        select e.id, e.activity_id, e.key, e.id_key, e.sent_on, e.index_depth, e.voice, e.ground, e.sender_is_user, e.sender,
            e.base_subject, e.digest, e.tracking_token, c.conversation_id, e.is_founder, c.version, c.id, e.admission,
            e.correlation_method, e.correlated_key, e.correlated_is_parent, e.correlated_grounded, e.subject_changed,
            e.regarding_source, e.regarding_table, e.regarding_id, e.regarding_key, e.is_outgoing,
            e.accepting_is_queue, e.accepting_position, e.accepting_mailbox, e.sender_record_table, e.sender_record_id,
            e.received_on, e.left_out, e.is_withheld, c.stops, e.directory_version, e.owner_id, e.owner_rule
        from json_each($2) k cross join email e on e.id = k.value cross join conversation c on c.id = e.conversation_id
        where e.org = $1
        """;

    private const string Claims = """
        select n.email_id, n.key, n.kind from json_each($1) k cross join claim n on n.email_id = k.value
        order by n.email_id, n.position
        """;

    private const string Regarding = """
        select r.email_id, r.source, r.record_table, r.record_id, r.mailbox, r.folder, r.position
        from json_each($1) k cross join regarding_claim r on r.email_id = k.value
        order by r.email_id, r.ordinal
        """;

    /// <summary>Reads emails; those of other organizations are left out.</summary>
    public static StoredEmail[] Read(SqliteSession session, long org, IReadOnlyCollection<long> rows)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var ids = Values.Many(rows);
        var claims = session.Query(
            Claims, row => (Email: row.GetInt64(0), Claim: new Claim(row.Key(1), (ClaimKind)row.GetInt32(2))), ids)
            .ToLookup(row => row.Email, row => row.Claim);
        var regarding = session.Query(Regarding, row => (Email: row.GetInt64(0), Claim: RegardingOf(row)), ids)
            .ToLookup(row => row.Email, row => row.Claim);
        return
        [
            .. session.Query(
                Emails,
                row => new StoredEmail(
                    Email(row, [.. claims[row.GetInt64(0)]], [.. regarding[row.GetInt64(0)]]),
                    new ConversationFacts(row.Id(13), row.GetInt64(15), IsComplete: false, StopsJson.Read(row.Text(36))),
                    row.GetInt64(16)),
                org,
                ids),
        ];
    }

    private static KnownEmail Email(SqliteDataReader row, ImmutableArray<Claim> claims, ImmutableArray<RegardingClaim> regarding) => new(
        row.GetInt64(0),
        row.Id(1),
        new ThreadFacts(
            row.Key(2),
            row.Key(3),
            row.IsDBNull(4) ? null : row.Time(4),
            claims,
            row.GetInt32(5),
            GroundTokens.FromBytes(row.Bytes(6)),
            GroundTokens.FromBytes(row.Bytes(7)),
            row.Flag(8)),
        row.AddressOrNull(9),
        row.GetString(10),
        row.Key(11),
        row.Text(12),
        State(row, regarding),
        row.Time(33),
        row.Flag(35))
    {
        DirectoryVersion = row.GetInt64(37),
        Owner = new EmailOwner(row.IsDBNull(38) ? null : row.Id(38), (OwnerRule)row.GetInt32(39)),
    };

    private static EmailState State(SqliteDataReader row, ImmutableArray<RegardingClaim> regarding) => new(
        row.Id(13),
        row.Flag(14),
        (Admission)row.GetInt32(17),
        new Correlation((CorrelationMethod)row.GetInt32(18), row.KeyOrNull(19), row.Flag(20), row.Flag(21)),
        row.Flag(22),
        regarding,
        row.IsDBNull(23) ? null : new RegardingLink((RegardingSource)row.GetInt32(23), row.Record(24)!.Value, row.KeyOrNull(26)),
        row.Flag(27),
        row.IsDBNull(30) ? null : new AcceptingEntity(row.Flag(28), row.GetInt32(29), row.Address(30)),
        row.Record(31),
        row.IsDBNull(34) ? null : (ReasonCode)row.GetInt32(34));

    private static RegardingClaim RegardingOf(SqliteDataReader row) => new(
        (RegardingSource)row.GetInt32(1), row.Record(2)!.Value, row.AddressOrNull(4), row.Text(5), row.GetInt32(6));
}
