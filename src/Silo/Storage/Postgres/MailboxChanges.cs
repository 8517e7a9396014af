using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>Who changed which option of a mailbox.</summary>
internal static class MailboxChanges
{
    private const string Insert = """
        insert into mailbox_change (org, mailbox, name, before, after, changed_by, changed_on, why)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    public static void Append(NpgsqlBatch batch, int org, EmailAddress mailbox, MailboxChange change) => batch.Add(
        Insert,
        Value(org),
        Value(mailbox.Value),
        Value(change.Name),
        Value(change.Before),
        Value(change.After),
        Value(change.ChangedBy),
        Value(change.ChangedOn.UtcDateTime),
        Value(change.Why, NpgsqlDbType.Text));

    private const string Select = """
        select c.name, c.before, c.after, c.changed_by, c.changed_on, c.why from mailbox_change c
        where c.mailbox = $2 and c.org = $1 order by c.id desc limit $3
        """;

    public static async Task<ImmutableArray<MailboxChange>> ReadAsync(
        NpgsqlDataSource source, int org, EmailAddress mailbox, int countMax, CancellationToken cancellationToken)
    {
        await using var command = source.Command(Select, Value(org), Value(mailbox.Value), Value(countMax));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, Change).ToListAsync(cancellationToken)];
    }

    private static MailboxChange Change(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), Rows.Time(reader, 4), Rows.Text(reader, 5));
}
