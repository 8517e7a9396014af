using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Web.Door;

/// <summary>Tells whose mailboxes are whose.</summary>
internal sealed class Owners(EmailTrackingClient client)
{
    /// <summary>Somebody asks for a mailbox that is not theirs: the same words whether there is such a mailbox or not.</summary>
    public static readonly Refusal NotTheirs = new(
        StatusCodes.Status403Forbidden, "Not allowed", "This is not a mailbox of yours or of a team of yours, or there is no such mailbox.");

    /// <summary>Why a visitor may do nothing to a mailbox; null when it is theirs, or they may do it to all.</summary>
    public async Task<Refusal?> RefusalAsync(Visitor visitor, EmailAddress address, CancellationToken cancellationToken) =>
        visitor.Reach == Reach.All || await OwnsAsync(visitor.Principal, address, cancellationToken) ? null : NotTheirs;

    /// <summary>Whether a mailbox is somebody's own: its user's, a team's, or a queue's whose owner they are or that their team owns.</summary>
    public async Task<bool> OwnsAsync(Principal principal, EmailAddress address, CancellationToken cancellationToken) =>
        (await client.ReadMailboxesAsync(cancellationToken)).FirstOrDefault(mailbox => mailbox.Address == address) is { } mailbox &&
        await OwnsAsync(principal, mailbox, cancellationToken);

    /// <inheritdoc cref="OwnsAsync(Principal, EmailAddress, CancellationToken)"/>
    public async Task<bool> OwnsAsync(Principal principal, MailboxFacts mailbox, CancellationToken cancellationToken) =>
        principal.IsOwner(mailbox.Owner) ||
        (principal.SystemUser is not null && mailbox.Owner is { LogicalName: Tables.Queue } queue &&
            principal.IsOwner((await client.ReadRecordAsync(queue, cancellationToken))?.Record.Facts.OwnerId));

    /// <summary>Whether somebody may do something with a mailbox whose privilege goes as far as their own: its owner, or a delegate for them.</summary>
    public async Task<bool> MayAsync(Principal principal, Privilege privilege, EmailAddress address, CancellationToken cancellationToken) =>
        principal.IsDelegate(address, privilege) || await OwnsAsync(principal, address, cancellationToken);

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
