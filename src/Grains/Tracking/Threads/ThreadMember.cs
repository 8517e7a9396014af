using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Threads;

/// <summary>One tracked email, as the thread rules take it.</summary>
/// <param name="Facts">What it says.</param>
/// <param name="AdmittedByHand">Whether a person let it in.</param>
/// <param name="Settled">
/// Its place as it was last decided; given when that cannot change by what is being decided now, null when it is to be found.
/// </param>
public sealed record ThreadMember(ThreadFacts Facts, bool AdmittedByHand = false, SettledPlace? Settled = null);

/// <summary>A place in a conversation that stands.</summary>
/// <param name="ConversationId">The conversation.</param>
/// <param name="Admitted">Whether the mail may speak there.</param>
public sealed record SettledPlace(Guid ConversationId, bool Admitted);

/// <summary>Why a mail may, or may not, speak in its conversation.</summary>
public enum Admission
{
    /// <summary>Held: it answers a mail that we have, and its sender has no ground there.</summary>
    Held = 0,

    /// <summary>It answers nothing: it starts a conversation.</summary>
    Starts = 1,

    /// <summary>It answers mail that nobody has shown us.</summary>
    AnswersUnseen = 2,

    /// <summary>Its sender has ground with an admitted mail that it names in this conversation.</summary>
    Ground = 3,

    /// <summary>A person let it in.</summary>
    ByHand = 4,

    /// <summary>Decided earlier.</summary>
    Settled = 5,
}
