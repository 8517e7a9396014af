using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What the store knows of one id that mails bear or name.</summary>
/// <param name="Key">The id's key.</param>
/// <param name="Holder">
/// The key of the first email that bears the id, else of the earliest that names it; null when only untracked mail names it.
/// </param>
/// <param name="IsBorne">Whether a tracked email bears the id.</param>
/// <param name="IsNearClaimed">Whether a tracked email names it as its near id.</param>
/// <param name="IsContested">
/// Whether a claim on it led out of the claimer's conversation, or was near and is far now: who names it is looked at together.
/// </param>
[GenerateSerializer, Immutable, Alias("KeyFacts")]
public sealed record KeyFacts(
    [property: Id(0)] MessageKey Key,
    [property: Id(1)] MessageKey? Holder,
    [property: Id(2)] bool IsBorne,
    [property: Id(3)] bool IsNearClaimed,
    [property: Id(4)] bool IsContested);

/// <summary>A conversation as the store has it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Counts its changes: a change that was decided on an older version does not count.</param>
/// <param name="IsComplete">Whether all its emails are in the snapshot.</param>
/// <param name="Stops">When it was stopped and resumed, in order of time.</param>
[GenerateSerializer, Immutable, Alias("ConversationFacts")]
public sealed record ConversationFacts(
    [property: Id(0)] Guid Id,
    [property: Id(1)] long Version,
    [property: Id(2)] bool IsComplete,
    [property: Id(3)] ImmutableArray<StopWord> Stops);

/// <summary>A decision that stands: what was said of one sighting.</summary>
/// <param name="Place">Where the copy was seen.</param>
/// <param name="Email">The email's key.</param>
/// <param name="FolderKind">Whether the folder holds sent mail.</param>
/// <param name="Outcome">What was decided.</param>
/// <param name="Reason">Why.</param>
/// <param name="ContentHash">SHA-256 of the raw mail.</param>
[GenerateSerializer, Immutable, Alias("StandingDecision")]
public sealed record StandingDecision(
    [property: Id(0)] SightingPlace Place,
    [property: Id(1)] MessageKey Email,
    [property: Id(2)] FolderKind FolderKind,
    [property: Id(3)] Outcome Outcome,
    [property: Id(4)] ReasonCode Reason,
    [property: Id(5)] string ContentHash)
{
    /// <summary>When the copy was first offered, whatever was decided then; UTC.</summary>
    [Id(6)]
    public DateTimeOffset SeenOn { get; init; }
}

/// <summary>Everything that deciding a batch may ask, read in one go; values only.</summary>
[GenerateSerializer, Immutable, Alias("TrackingSnapshot")]
public sealed record TrackingSnapshot
{
    /// <summary>The settings in force.</summary>
    [Id(0)]
    public TrackingSettings Settings { get; init; } = new();

    /// <summary>The mailboxes of the batch; those of its recipients too when the settings ask them.</summary>
    [Id(1)]
    public IReadOnlyDictionary<EmailAddress, MailboxFacts> Mailboxes { get; init; } = new Dictionary<EmailAddress, MailboxFacts>();

    /// <summary>The records of the participants' addresses.</summary>
    [Id(2)]
    public IReadOnlyDictionary<EmailAddress, ImmutableArray<RecordFacts>> Directory { get; init; } =
        new Dictionary<EmailAddress, ImmutableArray<RecordFacts>>();

    /// <summary>The ids that the batch, or a complete conversation, bears or names.</summary>
    [Id(3)]
    public IReadOnlyDictionary<MessageKey, KeyFacts> Keys { get; init; } = new Dictionary<MessageKey, KeyFacts>();

    /// <summary>The emails that hold those ids, variants of them, and the members of complete conversations, by their keys.</summary>
    [Id(4)]
    public IReadOnlyDictionary<MessageKey, KnownEmail> Emails { get; init; } = new Dictionary<MessageKey, KnownEmail>();

    /// <summary>The conversations of those emails.</summary>
    [Id(5)]
    public IReadOnlyDictionary<Guid, ConversationFacts> Conversations { get; init; } = new Dictionary<Guid, ConversationFacts>();

    /// <summary>What was decided of the batch's emails, in any mailbox.</summary>
    [Id(6)]
    public ImmutableArray<StandingDecision> Decisions { get; init; } = [];

    /// <summary>The emails of our side that carry a token which the batch carries.</summary>
    [Id(7)]
    public IReadOnlyDictionary<string, ImmutableArray<MessageKey>> Tokens { get; init; } =
        new Dictionary<string, ImmutableArray<MessageKey>>();

    /// <summary>What people did with the batch's emails, and with the members of complete conversations.</summary>
    [Id(8)]
    public ImmutableArray<Act> Acts { get; init; } = [];

    /// <summary>
    /// For records of senders: their account, and the open cases and opportunities of both. Empty when the settings propose nothing, and no
    /// rule asks.
    /// </summary>
    [Id(10)]
    public IReadOnlyDictionary<RecordReference, ImmutableArray<RecordReference>> Related { get; init; } =
        new Dictionary<RecordReference, ImmutableArray<RecordReference>>();

    /// <summary>Counts the changes of records: how many of them <see cref="Directory"/> has seen.</summary>
    [Id(9)]
    public long DirectoryVersion { get; init; }

    /// <summary>The rules of the batch's queues: the version in force of each, and those that were when a copy was first offered.</summary>
    [Id(11)]
    public ImmutableArray<RuleVersion> Rules { get; init; } = [];

    /// <summary>Of the records that emails are about, and of what these became: whether they are open. Empty when there is no rule.</summary>
    [Id(12)]
    public IReadOnlyDictionary<RecordReference, RecordLife> Lives { get; init; } = new Dictionary<RecordReference, RecordLife>();

    /// <summary>The records of an address; of the plain one when the settings say so and none has the address itself.</summary>
    public IEnumerable<RecordFacts> RecordsOf(EmailAddress address) =>
        Directory.TryGetValue(address, out var records) ? records
        : Settings.Parties.IgnoresSubaddress && address.WithoutSubaddress is { } plain && Directory.TryGetValue(plain, out records) ? records
        : [];

    /// <summary>The email that bears an id first; null when no tracked email does.</summary>
    public KnownEmail? BearerOf(MessageKey id) =>
        Keys.TryGetValue(id, out var facts) && facts is { IsBorne: true, Holder: { } holder } ? Emails.GetValueOrDefault(holder) : null;
}
