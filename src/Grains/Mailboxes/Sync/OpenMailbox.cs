using EmailTracking.Connectors;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>A mailbox while it is read.</summary>
/// <param name="Organization">The organization's key.</param>
/// <param name="Facts">What is in force for it.</param>
/// <param name="Session">The mailbox, open on its server.</param>
public sealed record OpenMailbox(string Organization, SyncFacts Facts, IMailSession Session)
{
    /// <summary>Whether what is read of it now is old mail: it makes no records.</summary>
    public bool IsBackfill { get; init; }

    /// <summary>Its address.</summary>
    public EmailAddress Address => Facts.Connection.Mailbox;

    /// <summary>Whether labels are read as acts of people, and set: the organization wants it, and the server keeps them.</summary>
    public bool HasLabels => Facts.Settings.TracksCategoriesOf(Facts.Mailbox) && Session.Abilities.KeepsLabels;

    /// <summary>Where a message lies.</summary>
    public SightingPlace PlaceOf(PlannedFolder folder, ItemId item)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new SightingPlace(Address, folder.PlaceName, KnownItem.NameOf(folder.Known.Number, item));
    }
}
