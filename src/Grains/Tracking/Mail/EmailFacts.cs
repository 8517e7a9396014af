using System.Collections.Immutable;

namespace EmailTracking.Tracking.Mail;

/// <summary>Which part a participant plays in an email (Dataverse column <c>activityparty.participationtypemask</c>).</summary>
public enum ParticipationType
{
    /// <summary>The author.</summary>
    Sender = 1,

    /// <summary>A recipient of To.</summary>
    ToRecipient = 2,

    /// <summary>A recipient of Cc.</summary>
    CcRecipient = 3,

    /// <summary>A recipient of Bcc: in mail as sent only.</summary>
    BccRecipient = 4,
}

/// <summary>One participant as the mail's header names it.</summary>
/// <param name="Type">The part it plays.</param>
/// <param name="Address">The address, or null when what stands there is none.</param>
/// <param name="Name">The display name, or the unreadable text; at most 160 characters; may be empty.</param>
[GenerateSerializer, Immutable, Alias("Participant")]
public sealed record Participant(
    [property: Id(0)] ParticipationType Type, [property: Id(1)] EmailAddress? Address, [property: Id(2)] string Name);

/// <summary>What a mail says of its place in a thread, and of who may speak there.</summary>
/// <param name="Key">What the email is known by.</param>
/// <param name="IdKey">The key of its Message-ID: the same, but for a variant.</param>
/// <param name="SentOn">The Date header; null when absent or unreadable.</param>
/// <param name="Claims">
/// The ids it names, without repeats and without its own: In-Reply-To in order, then References nearest first, then the
/// Thread-Index root, then what only other copies name. The first of the mail's own is the <em>near</em> claim, the others are far.
/// </param>
/// <param name="IndexDepth">Replies below the first mail by Thread-Index; 0 also when there is none.</param>
/// <param name="Voice">What the mail is told by.</param>
/// <param name="Ground">What it gives others to stand on.</param>
/// <param name="SenderIsUser">Whether one of our own users or queues sent it, by address.</param>
[GenerateSerializer, Immutable, Alias("ThreadFacts")]
public sealed record ThreadFacts(
    [property: Id(0)] MessageKey Key,
    [property: Id(1)] MessageKey IdKey,
    [property: Id(2)] DateTimeOffset? SentOn,
    [property: Id(3)] ImmutableArray<Claim> Claims,
    [property: Id(4)] int IndexDepth,
    [property: Id(5)] GroundTokens Voice,
    [property: Id(6)] GroundTokens Ground,
    [property: Id(7)] bool SenderIsUser)
{
    /// <summary>Whether this mail shares its Message-ID with earlier, other mail.</summary>
    public bool IsVariant => Key != IdKey;

    /// <summary>The claim that the mail hangs from; null when it names nothing. What only another copy names is never near.</summary>
    public Claim? Near => Claims is [{ Kind: not (ClaimKind.OtherCopy or ClaimKind.Relayed) } near, ..] ? near : null;

    /// <summary>Earliest first; undated mail last; the key breaks ties, so that replays agree.</summary>
    public static IComparer<ThreadFacts> BySent { get; } = Comparer<ThreadFacts>.Create((one, other) =>
    {
        var order = (one.SentOn ?? DateTimeOffset.MaxValue).CompareTo(other.SentOn ?? DateTimeOffset.MaxValue);
        return order != 0 ? order : one.Key.CompareTo(other.Key);
    });

    /// <summary>Whether a claim is the near one.</summary>
    /// <param name="claim">Its index.</param>
    public bool IsNear(int claim) => claim == 0 && Near is not null;

    /// <summary>Whether the sender of <paramref name="mail"/> may speak below this one.</summary>
    /// <remarks>
    /// It took part in this mail, a colleague of its domain did, it is one of our users, or it wrote to a list that carried this
    /// mail.
    /// </remarks>
    public bool GivesGroundTo(ThreadFacts mail) => mail.SenderIsUser || mail.Voice.Meets(Ground);
}

/// <summary>Everything the rules and the activity take from one email's content.</summary>
/// <param name="Thread">Its place in a thread.</param>
/// <param name="MessageId">Its Message-ID; null when it has none that can be used.</param>
/// <param name="Participants">Sender first, then To, Cc, Bcc in order; at most 10,000.</param>
/// <param name="Subject">The decoded subject, at most 800 characters (Dataverse column <c>email.subject</c>).</param>
/// <param name="Importance">0 low, 1 normal, 2 high (Dataverse column <c>email.prioritycode</c>).</param>
/// <param name="AttachmentCount">Attachments and attached messages.</param>
/// <param name="AutoSubmitted">The Auto-Submitted header when it says that a machine wrote the mail (RFC 3834); else null.</param>
/// <param name="InReplyTo">The id that the mail answers, as text for people; null when it names none (Dataverse column <c>email.inreplyto</c>).</param>
/// <param name="Digest">128 bits over what its headers say of the above: which copy of an email stands for it, told without its body.</param>
[GenerateSerializer, Immutable, Alias("EmailFacts")]
public sealed record EmailFacts(
    [property: Id(0)] ThreadFacts Thread,
    [property: Id(1)] MessageId? MessageId,
    [property: Id(2)] ImmutableArray<Participant> Participants,
    [property: Id(3)] string Subject,
    [property: Id(4)] int Importance,
    [property: Id(5)] int AttachmentCount,
    [property: Id(6)] string? AutoSubmitted,
    [property: Id(7)] string? InReplyTo,
    [property: Id(8)] MessageKey Digest)
{
    /// <summary>The sender's address; null when the From header has none.</summary>
    public EmailAddress? Sender => Participants is [{ Type: ParticipationType.Sender, Address: { } address }, ..] ? address : null;

    /// <summary>The subject to compare.</summary>
    [Id(9)]
    public string BaseSubject { get; } = Mail.BaseSubject.Of(Subject);

    /// <summary>Headers that may keep it out of tracking or let it in, as <c>name: value</c> in lower case; at most 20 of 200 characters.</summary>
    [Id(10)]
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>
    /// Who wrote what the mail forwards, as its text or an attached mail says; null when it is no forward. Anybody can write that: it
    /// is believed to our own users only, and is no part of <see cref="Digest"/>.
    /// </summary>
    [Id(11)]
    public Participant? ForwardedFrom { get; init; }

    /// <summary>The recipients in To, Cc, Bcc order.</summary>
    public IEnumerable<Participant> Recipients => Participants.Where(participant => participant.Type != ParticipationType.Sender);
}
