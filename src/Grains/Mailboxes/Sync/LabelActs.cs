using EmailTracking.Acts;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Options;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Does what people mean who set or remove a label, in the name of the mailbox.</summary>
public sealed class LabelActs(IGrainFactory grains, IMailboxSync sync, IOptions<SyncOptions> options, TimeProvider time)
{
    /// <summary>Tracks or untracks an email.</summary>
    /// <returns>
    /// What is known of the label then. An email that cannot be tracked gets <see cref="Labels.Undeliverable"/> instead, and an alert:
    /// to set the label again tries again.
    /// </returns>
    public async Task<ItemLabel> DoAsync(
        OpenMailbox mailbox, PlannedFolder folder, ItemId item, MessageKey email, ActKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(folder);
        var place = mailbox.PlaceOf(folder, item);
        var now = time.GetUtcNow();
        var call = new ActCall
        {
            Id = NamedId.OfLabel(mailbox.Organization, place, kind, now),
            Kind = kind,
            By = mailbox.Address.Value,
            Names = [email.ToString()],
        };
        string? problem = null;
        for (var attempt = 1; attempt <= options.Value.LabelTriesMax; attempt++)
        {
            var answer = await grains.GetGrain<IActGrain>(GrainKeys.Organization(mailbox.Organization)).ActAsync(call, cancellationToken);
            if (answer.Problem is null)
            {
                return kind == ActKind.Track ? ItemLabel.Present : ItemLabel.Removed;
            }

            problem = answer.Problem;
        }

        await mailbox.Session.LabelAsync(folder.Server, [item], [Labels.Undeliverable], [Labels.Tracked], cancellationToken);
        await sync.RaiseAsync(
            mailbox.Organization,
            new Alert(
                $"label of {place.Item} in mailbox {mailbox.Address}",
                AlertLevel.Warning,
                $"A message of folder {folder.Known.Name} cannot be {(kind == ActKind.Track ? "tracked" : "untracked")} by its label: {problem}",
                $"Mend that, then set {Labels.Tracked} again.",
                now,
                null),
            cancellationToken);
        return ItemLabel.Undeliverable;
    }
}
