using System.Collections.Concurrent;
using EmailTracking.Tracking.Mail;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>The row numbers of organizations and mailboxes. They never change, so they are asked once.</summary>
internal sealed class PostgresNames(PostgresSources sources)
{
    private readonly ConcurrentDictionary<string, int> _organizations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(int Org, EmailAddress Address), long> _mailboxes = new();

    // Two silos meet a new organization at once: whoever comes second finds the row of the first.
    private const string EnsureOrganization = """
        with new as (insert into organization (name) values ($1) on conflict (name) do nothing returning id)
        select id from new union all select id from organization where name = $1 limit 1
        """;

    /// <summary>The number of an organization; it is created when there is none.</summary>
    public async ValueTask<int> OrganizationAsync(string name, CancellationToken cancellationToken)
    {
        if (_organizations.TryGetValue(name, out var id))
        {
            return id;
        }

        // The row that another has just committed is not in the statement's snapshot: the next statement has it.
        for (object? found = null; ;)
        {
            await using var command = sources.Edits.Command(EnsureOrganization, Value(name));
            found = await command.ExecuteScalarAsync(cancellationToken);
            if (found is int number)
            {
                return _organizations[name] = number;
            }
        }
    }

    private const string ReadMailboxes = "select address, id from mailbox where org = $1 and address = any($2)";

    /// <summary>The number of a mailbox that was learned.</summary>
    /// <exception cref="InvalidMailboxException">There is no such mailbox.</exception>
    public long Mailbox(int org, EmailAddress address) =>
        _mailboxes.TryGetValue((org, address), out var id) ? id : throw new InvalidMailboxException(address);

    /// <summary>Learns the numbers of mailboxes; those that do not exist stay unknown.</summary>
    public async ValueTask LearnAsync(int org, IEnumerable<EmailAddress> addresses, CancellationToken cancellationToken)
    {
        EmailAddress[] unknown = [.. addresses.Where(address => !_mailboxes.ContainsKey((org, address))).Distinct()];
        if (unknown.Length == 0)
        {
            return;
        }

        await using var command = sources.Edits.Command(
            ReadMailboxes, Value(org), Column(unknown, NpgsqlDbType.Text, address => address.Value));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Learn(org, Rows.Address(reader, 0)!.Value, reader.GetInt64(1));
        }
    }

    /// <summary>Remembers the number of a mailbox.</summary>
    public void Learn(int org, EmailAddress address, long id) => _mailboxes[(org, address)] = id;
}

/// <summary>A sighting names a mailbox that was never created.</summary>
/// <param name="mailbox">The mailbox.</param>
internal sealed class InvalidMailboxException(EmailAddress mailbox) : Exception(
    $"There is no mailbox {mailbox}: it has to be created before mail is delivered to it.");
