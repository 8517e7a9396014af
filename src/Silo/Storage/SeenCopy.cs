using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage;

/// <summary>What was decided of one copy of an email.</summary>
internal sealed record SeenCopy(MessageKey Email, EmailAddress Mailbox, Outcome Outcome, ReasonCode Reason)
{
    /// <summary>The email as it is shown: what people said of it goes before what its mailboxes want.</summary>
    /// <param name="key">What it is known by.</param>
    /// <param name="activity">Its activity; null for an untracked email.</param>
    /// <param name="copies">At least one.</param>
    public static EmailRow RowOf(MessageKey key, ActivityRow? activity, ImmutableArray<SeenCopy> copies)
    {
        var outcome = copies.Min(copy => copy.Outcome);
        var accepting = activity?.State.Accepting?.Mailbox;
        var leftOut = activity?.State.LeftOut;
        return new EmailRow
        {
            Key = key,
            Outcome = leftOut is null ? outcome : Outcome.Skipped,
            Reason = leftOut ?? copies.Where(copy => copy.Outcome == outcome)
                .OrderBy(copy => copy.Mailbox != accepting)
                .ThenBy(copy => copy.Reason)
                .First().Reason,
            Mailboxes = [.. copies.Select(copy => copy.Mailbox).Distinct().OrderBy(mailbox => mailbox.Value, StringComparer.Ordinal)],
            Activity = activity,
        };
    }
}
