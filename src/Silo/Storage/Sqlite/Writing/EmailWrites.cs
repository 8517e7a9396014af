using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>The rows of emails: new ones, and what was decided anew of others. The conversations' versions fence both.</summary>
internal static class EmailWrites
{
    // Copies of one new email, decided twice at once: the unique key lets one in, the other finds the email when it decides again.
    private const string Insert = """
        insert into email (
            org, key, id_key, activity_id, receiving_mailbox, created_on, conversation_id,
            is_founder, base_subject, sent_on, sender, sender_is_user, sender_record_table, sender_record_id,
            tracking_token, index_depth, voice, ground, digest, admission, correlation_method, correlated_key,
            correlated_is_parent, correlated_grounded, subject_changed, regarding_source, regarding_table, regarding_id,
            regarding_key, is_outgoing, accepting_is_queue, accepting_position, accepting_mailbox, trace,
            left_out, is_withheld, received_on, directory_version, party_trace,
            message_id, in_reply_to, subject, importance, attachment_count, auto_submitted, content_hash, size, owner_id, owner_rule)
        values (
            $1, $2, $3, $4, $5, $6, (select c.id from conversation c where c.conversation_id = $7),
            $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32,
            $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49)
        returning id
        """;

    private const string Update = """
        update email set
            conversation_id = (select c.id from conversation c where c.conversation_id = $2),
            is_founder = $3, base_subject = $4, sent_on = $5, sender = $6, sender_is_user = $7, sender_record_table = $8,
            sender_record_id = $9, tracking_token = $10, index_depth = $11, voice = $12, ground = $13, digest = $14, admission = $15,
            correlation_method = $16, correlated_key = $17, correlated_is_parent = $18, correlated_grounded = $19,
            subject_changed = $20, regarding_source = $21, regarding_table = $22, regarding_id = $23, regarding_key = $24,
            is_outgoing = $25, accepting_is_queue = $26, accepting_position = $27, accepting_mailbox = $28, trace = coalesce($29, trace),
            left_out = $30, is_withheld = $31, received_on = $32,
            directory_version = $33, party_trace = coalesce($34, party_trace)
        where id = $1
        """;

    // Another copy stands for the email now.
    private const string Replace = """
        update email set
            message_id = $2, in_reply_to = $3, subject = $4, importance = $5, attachment_count = $6, auto_submitted = $7,
            content_hash = $8, size = $9
        where id = $1
        """;

    /// <summary>Writes an email.</summary>
    /// <returns>Its row number.</returns>
    public static long Write(SqliteSession session, long org, EmailChange email, DateTimeOffset now)
    {
        if (email.Before is not { } before)
        {
            var after = email.After;
            return session.Number(Insert, [
                org, after.Facts.Key, after.Facts.IdKey, after.ActivityId, email.Content!.Sighting.Place.Mailbox, now,
                .. Decided(email), .. Content(email.Content.Sighting), after.Owner.OwnerId, after.Owner.Rule,
            ])!.Value;
        }

        if (session.Execute(Update, [before.Row, .. Decided(email)]) != 1)
        {
            throw new LostRaceException("email");
        }

        if (email.Content is { } content)
        {
            session.Execute(Replace, [before.Row, .. Content(content.Sighting)]);
        }

        return before.Row;
    }

    private static object?[] Decided(EmailChange email)
    {
        var (after, facts, state) = (email.After, email.After.Facts, email.After.State);
        return
        [
            state.ConversationId, state.IsFounder, after.BaseSubject, facts.SentOn, after.Sender, facts.SenderIsUser,
            state.SenderRecord?.LogicalName, state.SenderRecord?.Id, after.TrackingToken, facts.IndexDepth, facts.Voice, facts.Ground,
            after.Digest, state.Admission, state.Correlation.Method, state.Correlation.Email, state.Correlation.IsParent,
            state.Correlation.Grounded, state.SubjectChanged, state.Regarding?.Source, state.Regarding?.Record.LogicalName,
            state.Regarding?.Record.Id, state.Regarding?.Email, state.IsOutgoing, state.Accepting?.IsQueue, state.Accepting?.Position,
            state.Accepting?.Mailbox, email.Trace is { } trace ? TraceJson.Write(trace) : null,
            state.LeftOut, after.IsWithheld, after.ReceivedOn, after.DirectoryVersion, TraceJson.WriteParties(email),
        ];
    }

    private static object?[] Content(Sighting sighting)
    {
        var mail = sighting.Facts;
        return
        [
            mail.MessageId, mail.InReplyTo, mail.Subject, mail.Importance, mail.AttachmentCount, mail.AutoSubmitted,
            Convert.FromHexString(sighting.ContentHash), sighting.Size,
        ];
    }
}
