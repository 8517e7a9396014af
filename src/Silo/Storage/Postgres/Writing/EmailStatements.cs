using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>The rows of emails: new ones, and what was decided anew of others. The conversations' versions fence both.</summary>
internal static class EmailStatements
{
    public static void Append(NpgsqlBatch batch, List<EmailRow> rows, DateTimeOffset now)
    {
        var inserted = rows.FindAll(row => row.IsNew);
        if (inserted.Count > 0)
        {
            batch.Add(Insert, [.. Decided(inserted), .. Content(inserted), .. New(inserted), Value(now.UtcDateTime)]);
        }

        var updated = rows.FindAll(row => !row.IsNew);
        if (updated.Count > 0)
        {
            batch.Add(Update, Decided(updated));
        }

        var replaced = updated.FindAll(row => row.Email.Content is not null);
        if (replaced.Count > 0)
        {
            batch.Add(Replace, [Column(replaced, NpgsqlDbType.Bigint, row => row.Id), .. Content(replaced)]);
        }
    }

    // $1 to $34, in this order in all statements.
    private const string DecidedArrays = """
        $1::bigint[], $2::uuid[], $3::boolean[], $4::text[], $5::timestamptz[], $6::text[], $7::boolean[], $8::text[], $9::uuid[],
        $10::text[], $11::int[], $12::bytea[], $13::bytea[], $14::bytea[], $15::smallint[], $16::smallint[], $17::bytea[],
        $18::boolean[], $19::boolean[], $20::boolean[], $21::smallint[], $22::text[], $23::uuid[], $24::bytea[], $25::boolean[],
        $26::boolean[], $27::int[], $28::text[], $29::text[], $30::smallint[], $31::boolean[], $32::timestamptz[],
        $33::bigint[], $34::text[]
        """;

    private const string DecidedNames = """
        id, conversation, is_founder, base_subject, sent_on, sender, sender_is_user, sender_record_table, sender_record_id,
        tracking_token, index_depth, voice, ground, digest, admission, correlation_method, correlated_key,
        correlated_is_parent, correlated_grounded, subject_changed, regarding_source, regarding_table, regarding_id, regarding_key,
        is_outgoing, accepting_is_queue, accepting_position, accepting_mailbox, trace, left_out, is_withheld, received_on,
        directory_version, party_trace
        """;

    // A conversation is named after its founder, so who becomes one is in it.
    // Two silos see copies of one new email at once: the unique key lets one in, the other finds the email when it decides again.
    private const string Insert = $"""
        insert into email (
            id, conversation_id, founded_id, base_subject, sent_on, sender, sender_is_user, sender_record_table, sender_record_id,
            tracking_token, index_depth, voice, ground, digest, admission, correlation_method, correlated_key,
            correlated_is_parent, correlated_grounded, subject_changed, regarding_source, regarding_table, regarding_id,
            regarding_key, is_outgoing, accepting_is_queue, accepting_position, accepting_mailbox, trace,
            left_out, is_withheld, received_on, directory_version, party_trace,
            message_id, in_reply_to, subject, importance, attachment_count, auto_submitted, content_hash, size,
            org, key, id_key, activity_id, receiving_mailbox, owner_id, owner_rule, created_on)
        select
            u.id, c.id, case when u.is_founder then c.id end,
            u.base_subject, u.sent_on, u.sender, u.sender_is_user, u.sender_record_table, u.sender_record_id,
            u.tracking_token, u.index_depth, u.voice, u.ground, u.digest, u.admission, u.correlation_method, u.correlated_key,
            u.correlated_is_parent, u.correlated_grounded, u.subject_changed, u.regarding_source, u.regarding_table, u.regarding_id,
            u.regarding_key, u.is_outgoing, u.accepting_is_queue, u.accepting_position, u.accepting_mailbox, u.trace,
            u.left_out, u.is_withheld, u.received_on, u.directory_version, u.party_trace,
            u.message_id, u.in_reply_to, u.subject, u.importance, u.attachment_count, u.auto_submitted, u.content_hash, u.size,
            u.org, u.key, u.id_key, u.activity_id, u.receiving_mailbox, u.owner_id, u.owner_rule, $50
        from unnest(
            {DecidedArrays},
            $35::text[], $36::text[], $37::text[], $38::smallint[], $39::int[], $40::text[], $41::bytea[], $42::bigint[],
            $43::int[], $44::bytea[], $45::bytea[], $46::uuid[], $47::text[], $48::uuid[], $49::smallint[]) as u(
            {DecidedNames},
            message_id, in_reply_to, subject, importance, attachment_count, auto_submitted, content_hash, size,
            org, key, id_key, activity_id, receiving_mailbox, owner_id, owner_rule)
        left join lateral (select x.id from conversation x where x.conversation_id = u.conversation offset 0) c on true
        """;

    private const string Update = $"""
        update email e set
            conversation_id = u.conversation_row,
            founded_id = case when u.is_founder then coalesce(e.founded_id, u.conversation_row) end,
            base_subject = u.base_subject, sent_on = u.sent_on, sender = u.sender, sender_is_user = u.sender_is_user,
            sender_record_table = u.sender_record_table, sender_record_id = u.sender_record_id, tracking_token = u.tracking_token,
            index_depth = u.index_depth, voice = u.voice, ground = u.ground, digest = u.digest, admission = u.admission,
            correlation_method = u.correlation_method, correlated_key = u.correlated_key,
            correlated_is_parent = u.correlated_is_parent, correlated_grounded = u.correlated_grounded,
            subject_changed = u.subject_changed, regarding_source = u.regarding_source, regarding_table = u.regarding_table,
            regarding_id = u.regarding_id, regarding_key = u.regarding_key, is_outgoing = u.is_outgoing,
            accepting_is_queue = u.accepting_is_queue, accepting_position = u.accepting_position,
            accepting_mailbox = u.accepting_mailbox, trace = coalesce(u.trace, e.trace),
            left_out = u.left_out, is_withheld = u.is_withheld, received_on = u.received_on,
            directory_version = u.directory_version, party_trace = coalesce(u.party_trace, e.party_trace)
        from (
            select d.*, c.id as conversation_row from unnest({DecidedArrays}) as d({DecidedNames})
            left join lateral (select x.id from conversation x where x.conversation_id = d.conversation offset 0) c on true
        ) u
        where e.id = u.id
        """;

    // Another copy stands for the email now.
    private const string Replace = """
        update email e set
            message_id = u.message_id, in_reply_to = u.in_reply_to, subject = u.subject, importance = u.importance,
            attachment_count = u.attachment_count, auto_submitted = u.auto_submitted, content_hash = u.content_hash, size = u.size
        from unnest(
            $1::bigint[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::int[], $7::text[], $8::bytea[], $9::bigint[]) as u(
            id, message_id, in_reply_to, subject, importance, attachment_count, auto_submitted, content_hash, size)
        where e.id = u.id
        """;

    private static NpgsqlParameter[] Decided(List<EmailRow> rows) =>
    [
        Column(rows, NpgsqlDbType.Bigint, row => row.Id),
        Column(rows, NpgsqlDbType.Uuid, row => row.After.State.ConversationId),
        Column(rows, NpgsqlDbType.Boolean, row => row.After.State.IsFounder),
        Column(rows, NpgsqlDbType.Text, row => row.After.BaseSubject),
        Column(rows, NpgsqlDbType.TimestampTz, row => row.After.Facts.SentOn?.UtcDateTime),
        Column(rows, NpgsqlDbType.Text, row => row.After.Sender?.Value),
        Column(rows, NpgsqlDbType.Boolean, row => row.After.Facts.SenderIsUser),
        Column(rows, NpgsqlDbType.Text, row => row.After.State.SenderRecord?.LogicalName),
        Column(rows, NpgsqlDbType.Uuid, row => row.After.State.SenderRecord?.Id),
        Column(rows, NpgsqlDbType.Text, row => row.After.TrackingToken),
        Column(rows, NpgsqlDbType.Integer, row => row.After.Facts.IndexDepth),
        Column(rows, NpgsqlDbType.Bytea, row => row.After.Facts.Voice.ToBytes()),
        Column(rows, NpgsqlDbType.Bytea, row => row.After.Facts.Ground.ToBytes()),
        Keys(rows, row => row.After.Digest),
        Numbers(rows, row => (int)row.After.State.Admission),
        Numbers(rows, row => (int)row.After.State.Correlation.Method),
        Column(rows, NpgsqlDbType.Bytea, row => row.After.State.Correlation.Email?.ToBytes()),
        Column(rows, NpgsqlDbType.Boolean, row => row.After.State.Correlation.IsParent),
        Column(rows, NpgsqlDbType.Boolean, row => row.After.State.Correlation.Grounded),
        Column(rows, NpgsqlDbType.Boolean, row => row.After.State.SubjectChanged),
        Column(rows, NpgsqlDbType.Smallint, row => row.After.State.Regarding is { } link ? (short?)link.Source : null),
        Column(rows, NpgsqlDbType.Text, row => row.After.State.Regarding?.Record.LogicalName),
        Column(rows, NpgsqlDbType.Uuid, row => row.After.State.Regarding?.Record.Id),
        Column(rows, NpgsqlDbType.Bytea, row => row.After.State.Regarding?.Email?.ToBytes()),
        Column(rows, NpgsqlDbType.Boolean, row => row.After.State.IsOutgoing),
        Column(rows, NpgsqlDbType.Boolean, row => row.After.State.Accepting?.IsQueue),
        Column(rows, NpgsqlDbType.Integer, row => row.After.State.Accepting?.Position),
        Column(rows, NpgsqlDbType.Text, row => row.After.State.Accepting?.Mailbox.Value),
        Column(rows, NpgsqlDbType.Text, row => row.Email.Trace is { } trace ? TraceJson.Write(trace) : null),
        Column(rows, NpgsqlDbType.Smallint, row => (short?)row.After.State.LeftOut),
        Column(rows, NpgsqlDbType.Boolean, row => row.After.IsWithheld),
        Column(rows, NpgsqlDbType.TimestampTz, row => row.After.ReceivedOn.UtcDateTime),
        Column(rows, NpgsqlDbType.Bigint, row => row.After.DirectoryVersion),
        Column(rows, NpgsqlDbType.Text, row => TraceJson.WriteParties(row.Email)),
    ];

    private static NpgsqlParameter[] Content(List<EmailRow> rows) =>
    [
        Column(rows, NpgsqlDbType.Text, row => Mail(row).MessageId?.Value),
        Column(rows, NpgsqlDbType.Text, row => Mail(row).InReplyTo),
        Column(rows, NpgsqlDbType.Text, row => Mail(row).Subject),
        Numbers(rows, row => Mail(row).Importance),
        Column(rows, NpgsqlDbType.Integer, row => Mail(row).AttachmentCount),
        Column(rows, NpgsqlDbType.Text, row => Mail(row).AutoSubmitted),
        Column(rows, NpgsqlDbType.Bytea, row => Convert.FromHexString(Seen(row).ContentHash)),
        Column(rows, NpgsqlDbType.Bigint, row => Seen(row).Size),
    ];

    private static NpgsqlParameter[] New(List<EmailRow> rows) =>
    [
        Column(rows, NpgsqlDbType.Integer, row => row.Org),
        Keys(rows, row => row.After.Facts.Key),
        Keys(rows, row => row.After.Facts.IdKey),
        Column(rows, NpgsqlDbType.Uuid, row => row.After.ActivityId),
        Column(rows, NpgsqlDbType.Text, row => Seen(row).Place.Mailbox.Value),
        Column(rows, NpgsqlDbType.Uuid, row => row.After.Owner.OwnerId),
        Numbers(rows, row => (int)row.After.Owner.Rule),
    ];

    private static Sighting Seen(EmailRow row) => row.Email.Content!.Sighting;

    private static EmailFacts Mail(EmailRow row) => Seen(row).Facts;
}
