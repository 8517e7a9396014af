using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Whether one sighting is wanted, and why.</summary>
/// <param name="Accepted">Whether the mailbox wants it.</param>
/// <param name="Reason">Why, or why not.</param>
public readonly record struct FilterVerdict(bool Accepted, ReasonCode Reason);

/// <summary>The filter of the mailbox where a mail was seen: a mailbox is a recipient of what lies in it.</summary>
public static class Filter
{
    /// <summary>Decides one sighting by its own mailbox.</summary>
    /// <param name="sighting">The sighting.</param>
    /// <param name="mailbox">Its mailbox.</param>
    /// <param name="tracksSentItems">Whether sent mail is tracked (Dataverse setting <c>AutoTrackSentFolderItems</c>).</param>
    /// <param name="directory">The records of an address.</param>
    /// <param name="answersTracked">Whether it answers tracked mail.</param>
    /// <param name="namesUntracked">Whether it names mail that may be tracked one day.</param>
    public static FilterVerdict Decide(
        Sighting sighting,
        MailboxFacts mailbox,
        bool tracksSentItems,
        Func<EmailAddress, IEnumerable<RecordFacts>> directory,
        bool answersTracked,
        bool namesUntracked)
    {
        ArgumentNullException.ThrowIfNull(sighting);
        ArgumentNullException.ThrowIfNull(mailbox);
        if (mailbox.Folders.Any(folder => folder.Name == sighting.Place.Folder))
        {
            return new(true, ReasonCode.FolderRule);
        }

        var sent = sighting.FolderKind == FolderKind.SentItems;
        if (sent && !tracksSentItems)
        {
            return new(false, ReasonCode.SentItemsOff);
        }

        return mailbox.Filter switch
        {
            FilterMethod.All => new(true, ReasonCode.AcceptAll),
            FilterMethod.Replies when answersTracked => new(true, ReasonCode.CorrelationMatch),
            FilterMethod.Replies => new(false, namesUntracked ? ReasonCode.WaitsForParent : ReasonCode.NoCorrelationMatch),
            FilterMethod.None => new(false, ReasonCode.FilterNone),
            _ => sent ? ByRecipients(sighting, mailbox.Filter, directory) : BySender(sighting, mailbox.Filter, directory),
        };
    }

    private static FilterVerdict BySender(
        Sighting sighting, FilterMethod method, Func<EmailAddress, IEnumerable<RecordFacts>> directory) =>
        sighting.Facts.Sender is not { } sender ? new(false, ReasonCode.InvalidSender)
        : directory(sender).Any(record => Wants(method, record)) ? new(true, ReasonCode.SenderMatch)
        : new(false, ReasonCode.NoSenderMatch);

    // For sent mail the question turns round: was it sent to such a record?
    private static FilterVerdict ByRecipients(
        Sighting sighting, FilterMethod method, Func<EmailAddress, IEnumerable<RecordFacts>> directory) =>
        sighting.Facts.Recipients.Any(one => one.Address is { } address && directory(address).Any(record => Wants(method, record)))
            ? new(true, ReasonCode.RecipientMatch)
            : new(false, ReasonCode.NoSenderMatch);

    private static bool Wants(FilterMethod method, RecordFacts record) =>
        method == FilterMethod.EmailEnabledRecords ||
        record.Reference.LogicalName is Tables.Lead or Tables.Contact or Tables.Account;
}
