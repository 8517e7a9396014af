using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Whether one sighting is wanted, and why.</summary>
/// <param name="Accepted">Whether a mailbox wants it.</param>
/// <param name="Reason">Why, or why not.</param>
/// <param name="By">The mailbox whose filter said so; null when no mailbox was asked.</param>
public readonly record struct FilterVerdict(bool Accepted, ReasonCode Reason, MailboxFacts? By = null);

/// <summary>What a filter looks at.</summary>
public sealed record FilterQuestion
{
    /// <summary>The sighting.</summary>
    public required Sighting Sighting { get; init; }

    /// <summary>The mailbox where the mail lies.</summary>
    public required MailboxFacts Mailbox { get; init; }

    /// <summary>The mailboxes of its recipients, when these are asked too.</summary>
    public ImmutableArray<MailboxFacts> Recipients { get; init; } = [];

    /// <summary>The settings in force.</summary>
    public required TrackingSettings Settings { get; init; }

    /// <summary>The records of an address.</summary>
    public required Func<EmailAddress, IEnumerable<RecordFacts>> Directory { get; init; }

    /// <summary>Whether it answers tracked mail.</summary>
    public bool AnswersTracked { get; init; }

    /// <summary>Whether it names mail that may be tracked one day.</summary>
    public bool NamesUntracked { get; init; }

    /// <summary>Whether the copy that its sender kept is tracked.</summary>
    public bool IsTrackedAsSent { get; init; }

    /// <summary>Whether the mail lies where its sender keeps what was sent.</summary>
    public bool IsSent => Sighting.FolderKind == FolderKind.SentItems;
}

/// <summary>The filter of the mailbox where a mail was seen: a mailbox is a recipient of what lies in it.</summary>
/// <remarks>What forbids goes before what people set up, and that before what filters find. Source: the public tracking documentation.</remarks>
public static class Filter
{
    /// <summary>Decides one sighting.</summary>
    public static FilterVerdict Decide(FilterQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var (mailbox, acceptance) = (question.Mailbox, question.Settings.Acceptance);
        if (Exclusions.Forbids(question))
        {
            return new(false, ReasonCode.NeverTracked);
        }

        if (acceptance.TracksFolders && mailbox.Folders.Any(folder =>
            folder.Name == question.Sighting.FolderName && folder.Covers(question.Sighting.ReceivedOn)))
        {
            return new(true, ReasonCode.FolderRule, mailbox);
        }

        if (question.Sighting.FolderKind == FolderKind.Filed)
        {
            return new(false, ReasonCode.OutsideInbox, mailbox);
        }

        if (acceptance.IsOff)
        {
            return new(false, ReasonCode.AutoTrackingOff);
        }

        return Exclusions.Of(question) is { } reason ? new(false, reason)
            : question.IsSent || acceptance.AsksSyncingMailboxOnly ? Ask(question, mailbox)
            : AskRecipients(question);
    }

    /// <summary>The filter of a mailbox: its own, or the one that all users have to have.</summary>
    public static FilterMethod MethodOf(MailboxFacts mailbox, AcceptanceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(settings);
        return mailbox.IsQueue ? mailbox.Filter : settings.ForcedUserFilter ?? mailbox.Filter;
    }

    // Of several that want it, the one that stands for all; of several that do not, one that waits goes before one that never will.
    private static FilterVerdict AskRecipients(FilterQuestion question)
    {
        // Who is not named (Bcc, a list) has no say, but for a mailbox that takes all.
        var takesAll = MethodOf(question.Mailbox, question.Settings.Acceptance) == FilterMethod.All;
        var asked = takesAll && !question.Recipients.Contains(question.Mailbox)
            ? question.Recipients.Add(question.Mailbox)
            : question.Recipients;
        var verdicts = asked
            .OrderBy(mailbox => AcceptingEntity.Of(mailbox, question.Sighting.Facts, question.Directory), AcceptingEntity.Precedence)
            .Select(mailbox => Ask(question, mailbox))
            .OrderByDescending(verdict => verdict.Accepted)
            .ThenByDescending(verdict => verdict.Reason == ReasonCode.WaitsForParent)
            .ToArray();
        return verdicts.Length > 0 ? verdicts[0] : new(false, ReasonCode.NoRecipientMatch);
    }

    private static FilterVerdict Ask(FilterQuestion question, MailboxFacts mailbox)
    {
        var reason = ReasonOf(question, mailbox);
        return new(
            reason is ReasonCode.AcceptAll or ReasonCode.CorrelationMatch or ReasonCode.SenderMatch or ReasonCode.RecipientMatch, reason, mailbox);
    }

    private static ReasonCode ReasonOf(FilterQuestion question, MailboxFacts mailbox)
    {
        if (question.IsSent && !(mailbox.Options.TracksSentItems ?? question.Settings.TracksSentItems))
        {
            return ReasonCode.SentItemsOff;
        }

        if (Exclusions.Blocks(mailbox.Options.Blocked, question))
        {
            return ReasonCode.BlockedByMailbox;
        }

        if (InternalMail.Refuses(question, mailbox))
        {
            return ReasonCode.InternalEmailReject;
        }

        var method = MethodOf(mailbox, question.Settings.Acceptance);
        return method switch
        {
            FilterMethod.All => ReasonCode.AcceptAll,
            FilterMethod.Replies when question.AnswersTracked => ReasonCode.CorrelationMatch,
            FilterMethod.Replies => question.NamesUntracked ? ReasonCode.WaitsForParent : ReasonCode.NoCorrelationMatch,
            FilterMethod.None => ReasonCode.FilterNone,
            _ => question.IsSent ? ByRecipients(question, method) : BySender(question, method),
        };
    }

    private static ReasonCode BySender(FilterQuestion question, FilterMethod method)
    {
        if (question.Sighting.Facts.Sender is not { } sender)
        {
            return ReasonCode.InvalidSender;
        }

        // Whoever a person chose for the address is the one.
        var isShared = question.Settings.Acceptance.RefusesSharedSenders && question.Directory(sender).Take(2).Count() > 1 &&
            Parties.ChosenOf(sender, question.Directory) is null;
        return isShared ? ReasonCode.SharedSender
            : question.Directory(sender).Any(record => Wants(method, record)) ? ReasonCode.SenderMatch
            : ReasonCode.NoSenderMatch;
    }

    // For sent mail the question turns round: was it sent to such a record?
    private static ReasonCode ByRecipients(FilterQuestion question, FilterMethod method) =>
        question.Sighting.Facts.Recipients.Any(one =>
            one.Address is { } address && question.Directory(address).Any(record => Wants(method, record)))
            ? ReasonCode.RecipientMatch
            : ReasonCode.NoSenderMatch;

    private static bool Wants(FilterMethod method, RecordFacts record) =>
        method == FilterMethod.EmailEnabledRecords ||
        record.Reference.LogicalName is Tables.Lead or Tables.Contact or Tables.Account;
}
