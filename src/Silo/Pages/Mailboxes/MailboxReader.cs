using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Silo.Api.Mailboxes;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Pages.Mailboxes;

/// <summary>Reads all that the page of one mailbox shows.</summary>
internal sealed class MailboxReader(MailboxCaller caller, EmailTrackingClient client, Owners owners)
{
    /// <summary>Reads it.</summary>
    /// <param name="address">The mailbox.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public Task<Told<MailboxView>> ReadAsync(EmailAddress address, CancellationToken cancellationToken) => caller.ReadAsync(
        Privilege.ReadMailboxes,
        address,
        async visitor => await MailboxEndpoints.FindAsync(client, address, cancellationToken) is { } mailbox
            ? Told<MailboxView>.That(await ReadAsync(visitor.Principal, mailbox, cancellationToken))
            : Told<MailboxView>.Not(Refusal.Missing($"There is no mailbox {address}. The list of mailboxes has those that there are.")),
        cancellationToken);

    private async Task<MailboxView> ReadAsync(Principal who, MailboxFacts mailbox, CancellationToken cancellationToken)
    {
        var owns = await owners.OwnsAsync(who, mailbox, cancellationToken);
        var alerts = await client.ReadAlertsAsync(onlyStanding: true, IServersGrain.AlertsMax, cancellationToken);
        return new MailboxView(
            mailbox,
            await client.ReadMailboxStatusAsync(mailbox.Address, cancellationToken),
            [.. alerts.Where(alert => AlertEndpoints.MailboxOf(alert) == mailbox.Address)],
            await NamesAsync(mailbox, cancellationToken),
            May(Privilege.RunMailboxes),
            May(Privilege.ChangeMailboxes));

        bool May(Privilege privilege) => who.ReachOf(privilege) is var reach && (reach == Reach.All || (reach == Reach.Own && owns));
    }

    private async Task<ImmutableDictionary<RecordReference, string>> NamesAsync(MailboxFacts mailbox, CancellationToken cancellationToken)
    {
        ImmutableArray<RecordReference> records =
            [.. mailbox.Folders.Select(rule => rule.Regarding).Append(mailbox.Owner).OfType<RecordReference>().Distinct()];
        return (await client.ReadRecordsAsync(records, cancellationToken)).ToImmutableDictionary(one => one.Facts.Reference, one => one.Name);
    }
}
