using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>Who takes part in emails. Fenced by the emails' conversations.</summary>
internal static class PartyStatements
{
    public static void Append(NpgsqlBatch batch, List<EmailRow> emails)
    {
        var replaced = emails.FindAll(email => PartiesOf(email) is not null);
        var known = replaced.FindAll(email => !email.IsNew);
        if (known.Count > 0)
        {
            batch.Add(Delete, Column(known, NpgsqlDbType.Bigint, email => email.Id));
        }

        InsertRows(batch, replaced);
        SenderRows(batch, emails.FindAll(email =>
            email.Email is { Content: null, Parties: null, Before: { } before } && before.State.SenderRecord != email.After.State.SenderRecord));
    }

    private static ImmutableArray<ActivityParty>? PartiesOf(EmailRow email) => email.Email.Parties ?? email.Email.Content?.Parties;

    private const string Delete = "delete from activity_party where email_id = any($1)";

    private const string Insert = """
        insert into activity_party (email_id, ordinal, participation, address, name, record_table, record_id)
        select * from unnest($1::bigint[], $2::int[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::uuid[])
        """;

    private static void InsertRows(NpgsqlBatch batch, List<EmailRow> emails)
    {
        var rows = emails
            .SelectMany(email => PartiesOf(email)!.Value.Select((party, ordinal) => (email.Id, Ordinal: ordinal, Party: party)))
            .ToArray();
        if (rows.Length > 0)
        {
            batch.Add(
                Insert,
                Column(rows, NpgsqlDbType.Bigint, row => row.Id),
                Column(rows, NpgsqlDbType.Integer, row => row.Ordinal),
                Numbers(rows, row => (int)row.Party.Participant.Type),
                Column(rows, NpgsqlDbType.Text, row => row.Party.Participant.Address?.Value),
                Column(rows, NpgsqlDbType.Text, row => row.Party.Participant.Name),
                Column(rows, NpgsqlDbType.Text, row => row.Party.Record?.LogicalName),
                Column(rows, NpgsqlDbType.Uuid, row => row.Party.Record?.Id));
        }
    }

    private const string Sender = """
        update activity_party p set record_table = u.record_table, record_id = u.record_id
        from unnest($1::bigint[], $2::text[], $3::uuid[]) as u(email_id, record_table, record_id)
        where p.email_id = u.email_id and p.participation = $4
        """;

    private static void SenderRows(NpgsqlBatch batch, List<EmailRow> rows)
    {
        if (rows.Count > 0)
        {
            batch.Add(
                Sender,
                Column(rows, NpgsqlDbType.Bigint, row => row.Id),
                Column(rows, NpgsqlDbType.Text, row => row.After.State.SenderRecord?.LogicalName),
                Column(rows, NpgsqlDbType.Uuid, row => row.After.State.SenderRecord?.Id),
                Value((short)ParticipationType.Sender));
        }
    }
}
