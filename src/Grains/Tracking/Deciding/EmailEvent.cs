using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What became of an email. The numbers are storage format.</summary>
public enum EmailEventKind
{
    /// <summary>It is tracked now, and shown.</summary>
    Tracked = 1,

    /// <summary>It is not shown any more.</summary>
    Untracked = 2,
}

/// <summary>Something that became of an email, told to whoever follows its conversation.</summary>
/// <param name="ConversationId">The conversation that it was in then: events are numbered there.</param>
/// <param name="Email">The email.</param>
/// <param name="Kind">What became of it.</param>
[GenerateSerializer, Immutable, Alias("EmailEvent")]
public sealed record EmailEvent(
    [property: Id(0)] Guid ConversationId, [property: Id(1)] MessageKey Email, [property: Id(2)] EmailEventKind Kind)
{
    /// <summary>What becomes of emails that are written, in one order for each conversation: nothing where they stay shown, or hidden.</summary>
    public static ImmutableArray<EmailEvent> Of(ImmutableArray<EmailChange> emails) =>
    [
        .. emails
            .Where(email => (email.Before is { State.LeftOut: null }) != (email.After.State.LeftOut is null))
            .Select(email => new EmailEvent(
                email.After.State.ConversationId,
                email.After.Facts.Key,
                email.After.State.LeftOut is null ? EmailEventKind.Tracked : EmailEventKind.Untracked))
            .OrderBy(one => one.ConversationId)
            .ThenBy(one => one.Email),
    ];
}
