using System.Collections.Immutable;
using EmailTracking.Listing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Queries;

/// <summary>What somebody may see: emails that stand in one of their lists, and what was seen in a mailbox of theirs, tracked or not.</summary>
/// <param name="Organization">The organization's key.</param>
/// <param name="Lists">Their <see cref="EmailLists">lists</see>: their own and their teams', and those of their mailboxes and queues.</param>
public sealed record Sight(string Organization, ImmutableHashSet<Guid> Lists)
{
    /// <summary>Whether everything may be seen.</summary>
    public bool IsAll => Lists.Contains(EmailLists.Everything(Organization));

    /// <summary>Whether a mailbox is theirs.</summary>
    public bool Owns(EmailAddress mailbox) => IsAll || Lists.Contains(EmailLists.OfMailbox(Organization, mailbox));

    /// <summary>Whether an email may be seen.</summary>
    /// <param name="email">The email.</param>
    /// <param name="lists">The lists in which it stands; none of an email that is not tracked.</param>
    public bool Sees(EmailRow email, IEnumerable<Guid> lists)
    {
        ArgumentNullException.ThrowIfNull(email);
        return email.Mailboxes.Any(Owns) || lists.Any(Lists.Contains);
    }

    /// <summary>An email that may be seen, without the mailboxes of others: who else got it, as a blind copy, is theirs to know.</summary>
    public EmailRow Show(EmailRow email)
    {
        ArgumentNullException.ThrowIfNull(email);
        return IsAll
            ? email
            : email with { Mailboxes = [.. email.Mailboxes.Where(mailbox => Owns(mailbox) || mailbox == email.Activity?.ReceivingMailbox)] };
    }

    /// <summary>Of the decisions on an email that may be seen: those in their mailboxes, and those that made it an activity.</summary>
    public IEnumerable<DecisionRow> Show(IEnumerable<DecisionRow> decisions) =>
        decisions.Where(decision => Owns(decision.Place.Mailbox) || decision.Outcome == Outcome.Tracked);
}
