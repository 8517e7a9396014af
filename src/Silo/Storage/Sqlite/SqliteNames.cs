using System.Collections.Concurrent;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>The row numbers of organizations and mailboxes.</summary>
internal sealed class SqliteNames
{
    // Filled by reads only, which see what was committed.
    private readonly ConcurrentDictionary<string, long> _organizations = new(StringComparer.Ordinal);

    private const string Organization = "select id from organization where name = $1";

    private const string NewOrganization = "insert into organization (name) values ($1) returning id";

    private const string Mailbox = "select id from mailbox where org = $1 and address = $2";

    /// <summary>The number of an organization for a read; 0, which finds nothing, when there is none.</summary>
    public long Read(SqliteSession session, string organization)
    {
        if (_organizations.TryGetValue(organization, out var id))
        {
            return id;
        }

        return session.Number(Organization, organization) is { } found ? _organizations[organization] = found : 0;
    }

    /// <summary>The number of an organization for a write; it is created when there is none.</summary>
    public long Ensure(SqliteSession session, string organization) =>
        _organizations.TryGetValue(organization, out var id)
            ? id
            : session.Number(Organization, organization) ?? session.Number(NewOrganization, organization)!.Value;

    /// <summary>The number of a mailbox.</summary>
    /// <exception cref="RefusedDataException">There is no such mailbox.</exception>
    public static long MailboxOf(SqliteSession session, long org, EmailAddress address) =>
        session.Number(Mailbox, org, address) ??
        throw new RefusedDataException($"There is no mailbox {address}: it has to be created before mail is delivered to it.");
}
