using EmailTracking.Connectors;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>The kinds of servers that this silo can read.</summary>
public sealed class MailConnectors(IEnumerable<IMailConnector> connectors)
{
    /// <summary>Opens the mailbox that the facts are about.</summary>
    /// <exception cref="MailServerException">It cannot be opened: why, and what to do.</exception>
    public Task<IMailSession> OpenAsync(SyncFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.Profile is not { } profile)
        {
            throw new MailServerException(
                ServerProblemKind.Configuration,
                $"There is no server profile '{facts.Connection.Profile}'.",
                "Make it, or connect the mailbox to another one: emailtracking profile list");
        }

        return connectors.FirstOrDefault(one => one.Kind == profile.Kind) is { } connector
            ? connector.OpenAsync(profile, facts.Login, cancellationToken)
            : throw new MailServerException(
                ServerProblemKind.Configuration,
                $"Profile '{profile.Name}' is of kind '{profile.Kind}', which this silo cannot read.",
                $"Give it one of: {string.Join(", ", connectors.Select(one => one.Kind).Order(StringComparer.Ordinal))}.");
    }
}
