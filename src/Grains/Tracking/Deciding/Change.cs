using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What was decided of one sighting. The numbers are storage format.</summary>
public enum Outcome
{
    /// <summary>This sighting is a reason for the email to be tracked.</summary>
    Tracked = 1,

    /// <summary>The mailbox does not want it.</summary>
    Skipped = 2,

    /// <summary>Skipped only because what it answers is not tracked yet; decided again when that is.</summary>
    Waiting = 3,

    /// <summary>Not decided: others won every commit. Decided again soon.</summary>
    Deferred = 4,

    /// <summary>It cannot be decided; kept as a dead letter.</summary>
    Failed = 5,

    /// <summary>Not decided, and never stored: deliver it again with its whole content.</summary>
    NeedsContent = 6,
}

/// <summary>The decision on one sighting, to be stored.</summary>
/// <param name="Sighting">The sighting.</param>
/// <param name="Email">The email's key.</param>
/// <param name="Outcome">What was decided.</param>
/// <param name="Reason">Why.</param>
/// <param name="Trace">What was looked at.</param>
/// <param name="Heard">For <see cref="Outcome.Waiting"/>: the ids whose mail it waits for.</param>
/// <param name="Replaces">Whether a decision on this place stands, and is replaced.</param>
[GenerateSerializer, Immutable, Alias("SightingDecision")]
public sealed record SightingDecision(
    [property: Id(0)] Sighting Sighting,
    [property: Id(1)] MessageKey Email,
    [property: Id(2)] Outcome Outcome,
    [property: Id(3)] ReasonCode Reason,
    [property: Id(4)] ImmutableArray<TraceEntry> Trace,
    [property: Id(5)] ImmutableArray<Claim> Heard,
    [property: Id(6)] bool Replaces);

/// <summary>An email to be inserted or updated.</summary>
/// <param name="Before">How it stands; null for a new one.</param>
/// <param name="After">How it is to stand.</param>
/// <param name="Content">The copy that stands for it now; null when that does not change.</param>
/// <param name="Trace">What was looked at in its thread; null when that was not looked at again.</param>
/// <param name="OpenClaims">The indexes of its claims that lead out of its conversation.</param>
/// <param name="ActsSeen">How many acts on the email were known: a new email that somebody did more with is decided again.</param>
[GenerateSerializer, Immutable, Alias("EmailChange")]
public sealed record EmailChange(
    [property: Id(0)] KnownEmail? Before,
    [property: Id(1)] KnownEmail After,
    [property: Id(2)] EmailContent? Content,
    [property: Id(3)] ImmutableArray<TraceEntry>? Trace,
    [property: Id(4)] ImmutableArray<int> OpenClaims,
    [property: Id(5)] int ActsSeen)
{
    /// <summary>Its parties, resolved anew without a new copy; null when they stay, or come with <see cref="Content"/>.</summary>
    [Id(6)]
    public ImmutableArray<ActivityParty>? Parties { get; init; }

    /// <summary>How its parties were resolved; null when that stays. A new <see cref="Content"/> without one begins afresh.</summary>
    [Id(7)]
    public ImmutableArray<TraceEntry>? PartyTrace { get; init; }

    /// <summary>Whether all that can be read of it goes now.</summary>
    public bool Erases => After.IsErased && Before is { IsErased: false };
}

/// <summary>The copy of an email that stands for it.</summary>
/// <param name="Sighting">Where it was seen, and what it says.</param>
/// <param name="Parties">Its participants and their records.</param>
[GenerateSerializer, Immutable, Alias("EmailContent")]
public sealed record EmailContent([property: Id(0)] Sighting Sighting, [property: Id(1)] ImmutableArray<ActivityParty> Parties)
{
    /// <summary>What is stored of an email that people keep out: that it is there.</summary>
    public EmailContent Withheld() => new(
        Sighting with
        {
            Facts = Sighting.Facts with
            {
                MessageId = null, Participants = [], Subject = "", Importance = 1, AttachmentCount = 0, AutoSubmitted = null, InReplyTo = null,
            },
        },
        []);
}

/// <summary>A conversation that a change read or writes: the change counts only while its version stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SeenVersion">The version that was read; 0 for a conversation to be inserted.</param>
/// <param name="MergedInto">The conversation that holds its emails now; null when it holds them itself.</param>
/// <param name="Stops">When it was stopped and resumed, in order of time.</param>
[GenerateSerializer, Immutable, Alias("ConversationChange")]
public sealed record ConversationChange(
    [property: Id(0)] Guid Id,
    [property: Id(1)] long SeenVersion,
    [property: Id(2)] Guid? MergedInto,
    [property: Id(3)] ImmutableArray<StopWord> Stops);

/// <summary>An id row to be inserted or updated.</summary>
/// <param name="Before">How it stands; null when there is none.</param>
/// <param name="After">How it is to stand.</param>
[GenerateSerializer, Immutable, Alias("KeyChange")]
public sealed record KeyChange([property: Id(0)] KeyFacts? Before, [property: Id(1)] KeyFacts After);

/// <summary>Everything that follows from a batch, to be stored as one or not at all.</summary>
[GenerateSerializer, Immutable, Alias("TrackingChange")]
public sealed record TrackingChange
{
    /// <summary>The organization's key.</summary>
    [Id(0)]
    public required string Organization { get; init; }

    /// <summary>The version of the settings that were in force.</summary>
    [Id(1)]
    public long SettingsVersion { get; init; }

    /// <summary>Conversations read and written.</summary>
    [Id(2)]
    public ImmutableArray<ConversationChange> Conversations { get; init; } = [];

    /// <summary>Emails written.</summary>
    [Id(3)]
    public ImmutableArray<EmailChange> Emails { get; init; } = [];

    /// <summary>Id rows written.</summary>
    [Id(4)]
    public ImmutableArray<KeyChange> Keys { get; init; } = [];

    /// <summary>Ids on which a claim leads out of the claimer's conversation.</summary>
    [Id(6)]
    public ImmutableArray<MessageKey> ContestedKeys { get; init; } = [];

    /// <summary>Decisions written: those that are new or differ from the standing ones.</summary>
    [Id(5)]
    public ImmutableArray<SightingDecision> Decisions { get; init; } = [];

    /// <summary>What a person did.</summary>
    [Id(7)]
    public ImmutableArray<Act> Acts { get; init; } = [];

    /// <summary>The keys of emails that are not known and that an act means: one that is known by now is decided again.</summary>
    [Id(8)]
    public ImmutableArray<MessageKey> Unknown { get; init; } = [];

    /// <summary>The keys of emails whose copies are decided again from their raw mail, as far as that is kept.</summary>
    [Id(9)]
    public ImmutableArray<MessageKey> Again { get; init; } = [];

    /// <summary>Records that unknown senders became. Safe to repeat: one that is there stays, one that was deleted is there again.</summary>
    [Id(10)]
    public ImmutableArray<NewRecord> Records { get; init; } = [];

    /// <summary>Queue items. Safe to repeat: one that is there stays.</summary>
    [Id(11)]
    public ImmutableArray<QueueItem> QueueItems { get; init; } = [];

    /// <summary>
    /// The erasure that <see cref="Acts"/> are a part of: with them goes what is kept of all copies of their emails (raw mail, traces,
    /// names of folders, what they wait for), and is counted there. Null for any other change.
    /// </summary>
    [Id(12)]
    public Guid? Erasure { get; init; }

    /// <summary>
    /// Addresses whose resolution a person changed in <see cref="Acts"/>: a change of the directory, so that the emails are linked anew.
    /// </summary>
    [Id(13)]
    public ImmutableArray<EmailAddress> Touched { get; init; } = [];

    /// <summary>Records that rules make of emails. Safe to repeat: one that is there stays.</summary>
    [Id(14)]
    public ImmutableArray<CreatedRecord> Created { get; init; } = [];

    /// <summary>What became of its emails, as far as anybody is told: with it, other mailboxes that hold copies are to label them.</summary>
    [Id(15)]
    public ImmutableArray<EmailEvent> Events { get; init; } = [];

    /// <summary>Whether there is nothing to store.</summary>
    public bool IsEmpty => Conversations.IsEmpty && Emails.IsEmpty && Keys.IsEmpty && Decisions.IsEmpty && Acts.IsEmpty;

    /// <summary>Whether nothing but decisions is stored: no email and no conversation is written or read.</summary>
    public bool IsOfDecisionsAlone =>
        Conversations.IsEmpty && Emails.IsEmpty && Keys.IsEmpty && ContestedKeys.IsEmpty && Acts.IsEmpty && Unknown.IsEmpty && Again.IsEmpty &&
        Records.IsEmpty && QueueItems.IsEmpty && Erasure is null && Touched.IsEmpty && Created.IsEmpty && Events.IsEmpty;
}

/// <summary>The answer for one sighting.</summary>
/// <param name="Place">Where the copy was seen.</param>
/// <param name="Outcome">What was decided of the sighting.</param>
/// <param name="Reason">Why.</param>
/// <param name="IsFirst">Whether this delivery made the email an activity.</param>
/// <param name="ActivityId">The email's activity; null while no mailbox wants the email.</param>
/// <param name="ConversationId">Its conversation; null while no mailbox wants the email.</param>
[GenerateSerializer, Immutable, Alias("SightingAnswer")]
public sealed record SightingAnswer(
    [property: Id(0)] SightingPlace Place,
    [property: Id(1)] Outcome Outcome,
    [property: Id(2)] ReasonCode Reason,
    [property: Id(3)] bool IsFirst,
    [property: Id(4)] Guid? ActivityId,
    [property: Id(5)] Guid? ConversationId)
{
    /// <summary>The email that the copy is one of; null while nothing is decided.</summary>
    [Id(6)]
    public MessageKey? Email { get; init; }

    /// <summary>The answer of a sighting whose email is not known by it: nothing was decided, or it cannot be.</summary>
    public static SightingAnswer Undecided(Sighting sighting, Outcome outcome, ReasonCode reason)
    {
        ArgumentNullException.ThrowIfNull(sighting);
        return new(sighting.Place, outcome, reason, IsFirst: false, null, null)
        {
            Email = outcome == Outcome.Deferred ? sighting.Facts.Thread.Key : null,
        };
    }
}

/// <summary>What deciding a batch came to.</summary>
public abstract record TrackingDecision
{
    private TrackingDecision()
    {
    }

    /// <summary>Decided: store the change, then give the answers.</summary>
    /// <param name="Change">What to store.</param>
    /// <param name="Answers">One for each sighting, in their order.</param>
    public sealed record Decided(TrackingChange Change, ImmutableArray<SightingAnswer> Answers) : TrackingDecision;

    /// <summary>Nothing is decided: of these sightings the headers are not enough, for their copies are to be kept.</summary>
    public sealed record NeedsContent(ImmutableArray<SightingPlace> Places) : TrackingDecision;

    /// <summary>More is asked than the snapshot holds: all members of these conversations, and all that bear or name these ids.</summary>
    public sealed record NeedsMembers(ImmutableArray<Guid> Conversations, ImmutableArray<MessageKey> Keys) : TrackingDecision;
}
