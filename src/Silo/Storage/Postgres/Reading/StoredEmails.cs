using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;
using Npgsql;

namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>An email as a statement hands it out, with its conversation's version at that moment.</summary>
/// <param name="Email">The email.</param>
/// <param name="Version">The version of its conversation.</param>
/// <param name="Stops">When its conversation was stopped and resumed.</param>
internal sealed record StoredEmail(KnownEmail Email, long Version, ImmutableArray<StopWord> Stops)
{
    /// <summary>Its conversation, as far as one email tells.</summary>
    public ConversationFacts Conversation => new(Email.State.ConversationId, Version, IsComplete: false, Stops);
}

/// <summary>The columns of an email, in one order for all statements that read emails.</summary>
internal static class StoredEmails
{
    /// <summary>How many there are: further columns follow them.</summary>
    public const int ColumnCount = 42;

    /// <summary>For <c>email e</c> together with <see cref="Joins"/>.</summary>
    public const string Columns = """
        e.id, e.activity_id, e.key, e.id_key, e.sent_on, e.index_depth, e.voice, e.ground, e.sender_is_user, e.sender,
        e.base_subject, e.digest, e.tracking_token, c.conversation_id, e.founded_id is not null, c.version, e.admission,
        e.correlation_method, e.correlated_key, e.correlated_is_parent, e.correlated_grounded, e.subject_changed,
        e.regarding_source, e.regarding_table, e.regarding_id, e.regarding_key, e.is_outgoing,
        e.accepting_is_queue, e.accepting_position, e.accepting_mailbox, e.sender_record_table, e.sender_record_id,
        n.keys, n.kinds,
        (select json_agg(json_build_array(r.source, r.record_table, r.record_id, r.mailbox, r.folder, r.position) order by r.ordinal)
         from regarding_claim r where r.email_id = e.id)::text,
        e.received_on, e.left_out, e.is_withheld, c.stops, e.directory_version, e.owner_id, e.owner_rule
        """;

    /// <summary>Conversation and claims of <c>email e</c>.</summary>
    public const string Joins = """
        cross join lateral (select x.conversation_id, x.version, x.stops from conversation x where x.id = e.conversation_id offset 0) c
        cross join lateral (
            select array_agg(x.key order by x.position) as keys, array_agg(x.kind order by x.position) as kinds
            from claim x where x.email_id = e.id
        ) n
        """;

    public static StoredEmail Read(NpgsqlDataReader reader)
    {
        var facts = new ThreadFacts(
            Rows.Key(reader, 2),
            Rows.Key(reader, 3),
            reader.IsDBNull(4) ? null : Rows.Time(reader, 4),
            Claims(reader),
            reader.GetInt32(5),
            GroundTokens.FromBytes(reader.GetFieldValue<byte[]>(6)),
            GroundTokens.FromBytes(reader.GetFieldValue<byte[]>(7)),
            reader.GetBoolean(8));
        var email = new KnownEmail(
            reader.GetInt64(0),
            reader.GetGuid(1),
            facts,
            Rows.Address(reader, 9),
            reader.GetString(10),
            Rows.Key(reader, 11),
            Rows.Text(reader, 12),
            State(reader),
            Rows.Time(reader, 35),
            reader.GetBoolean(37))
        {
            DirectoryVersion = reader.GetInt64(39),
            Owner = new EmailOwner(reader.IsDBNull(40) ? null : reader.GetGuid(40), (OwnerRule)reader.GetInt16(41)),
        };
        return new StoredEmail(email, reader.GetInt64(15), StopsJson.Read(Rows.Text(reader, 38)));
    }

    private static EmailState State(NpgsqlDataReader reader) => new(
        reader.GetGuid(13),
        reader.GetBoolean(14),
        (Admission)reader.GetInt16(16),
        new Correlation(
            (CorrelationMethod)reader.GetInt16(17), Rows.KeyOrNull(reader, 18), reader.GetBoolean(19), reader.GetBoolean(20)),
        reader.GetBoolean(21),
        RegardingJson.Read(Rows.Text(reader, 34)),
        reader.IsDBNull(22)
            ? null
            : new RegardingLink((RegardingSource)reader.GetInt16(22), Rows.Record(reader, 23)!.Value, Rows.KeyOrNull(reader, 25)),
        reader.GetBoolean(26),
        reader.IsDBNull(29)
            ? null
            : new AcceptingEntity(reader.GetBoolean(27), reader.GetInt32(28), Rows.Address(reader, 29)!.Value),
        Rows.Record(reader, 30),
        reader.IsDBNull(36) ? null : (ReasonCode)reader.GetInt16(36));

    private static ImmutableArray<Claim> Claims(NpgsqlDataReader reader)
    {
        if (reader.IsDBNull(32))
        {
            return [];
        }

        var (keys, kinds) = (reader.GetFieldValue<byte[][]>(32), reader.GetFieldValue<short[]>(33));
        return [.. keys.Zip(kinds, (key, kind) => new Claim(MessageKey.FromBytes(key), (ClaimKind)kind))];
    }
}
