using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Web.Door;

/// <summary>Tells whose mailboxes are whose.</summary>
internal sealed class Owners(EmailTrackingClient client)
{
    /// <summary>Whether a mailbox is somebody's own: its user's, a team's, or a queue's whose owner they are or that their team owns.</summary>
    public async Task<bool> OwnsAsync(Principal principal, EmailAddress address, CancellationToken cancellationToken) =>
        (await client.ReadMailboxesAsync(cancellationToken)).FirstOrDefault(mailbox => mailbox.Address == address) is { } mailbox &&
        await OwnsAsync(principal, mailbox, cancellationToken);

    /// <inheritdoc cref="OwnsAsync(Principal, EmailAddress, CancellationToken)"/>
    public async Task<bool> OwnsAsync(Principal principal, MailboxFacts mailbox, CancellationToken cancellationToken) =>
        principal.IsOwner(mailbox.Owner) ||
        (principal.SystemUser is not null && mailbox.Owner is { LogicalName: Tables.Queue } queue &&
            principal.IsOwner((await client.ReadRecordAsync(queue, cancellationToken))?.Record.Facts.OwnerId));

    /// <summary>The mailboxes that a visitor may see, by address.</summary>
    public async Task<List<MailboxFacts>> SeenAsync(Visitor visitor, CancellationToken cancellationToken)
    {
        var seen = new List<MailboxFacts>();
        foreach (var mailbox in await client.ReadMailboxesAsync(cancellationToken))
        {
            if (visitor.Reach == Reach.All || await OwnsAsync(visitor.Principal, mailbox, cancellationToken))
            {
                seen.Add(mailbox);
            }
        }

        return seen;
    }
}
