using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tracking.Deciding;

/// <summary>A tracked email as it stands in the store.</summary>
/// <param name="Row">The store's row number; 0 for one that is not stored yet.</param>
/// <param name="ActivityId">Dataverse column <c>activityid</c>.</param>
/// <param name="Facts">What it says of its thread.</param>
/// <param name="Sender">The From address.</param>
/// <param name="BaseSubject">The subject to compare.</param>
/// <param name="Digest">The digest of the copy that stands for it.</param>
/// <param name="TrackingToken">The token in the subject of mail that our side sent; else null (Dataverse column <c>trackingtoken</c>).</param>
/// <param name="State">What was decided of it.</param>
/// <param name="ReceivedOn">When a mailbox that wants it first received it; UTC.</param>
/// <param name="IsWithheld">
/// Whether it was left out before anything of it was stored, or was erased: then of its content nothing is kept, and its subject is a
/// digest.
/// </param>
[GenerateSerializer, Immutable, Alias("KnownEmail")]
public sealed record KnownEmail(
    [property: Id(0)] long Row,
    [property: Id(1)] Guid ActivityId,
    [property: Id(2)] ThreadFacts Facts,
    [property: Id(3)] EmailAddress? Sender,
    [property: Id(4)] string BaseSubject,
    [property: Id(5)] MessageKey Digest,
    [property: Id(6)] string? TrackingToken,
    [property: Id(7)] EmailState State,
    [property: Id(8)] DateTimeOffset ReceivedOn,
    [property: Id(9)] bool IsWithheld)
{
    /// <summary>The version of the directory that all its parties were resolved by; 0 before records had versions.</summary>
    [Id(10)]
    public long DirectoryVersion { get; init; }

    /// <summary>Whose email it is, as it was decided when it was tracked.</summary>
    [Id(11)]
    public EmailOwner Owner { get; init; }

    /// <summary>Whether it was erased: what the rules compare is kept as digests, and nothing that can be read.</summary>
    public bool IsErased => State.LeftOut == ReasonCode.Erased;

    /// <summary>Whether this address sent it; of an erased email its digest tells.</summary>
    public bool IsFrom(EmailAddress? sender) =>
        IsErased ? sender is { } one && Facts.Voice.HasAddress(one) : sender == Sender;

    /// <summary>Whether a list put its own address into From.</summary>
    /// <param name="copies">Copies of it: of an erased email only somebody in them can be told to be that list.</param>
    public bool IsRelayed(IEnumerable<EmailFacts> copies) => IsErased
        ? copies.SelectMany(copy => copy.Participants).Any(one =>
            one.Address is { } address && Facts.Voice.HasAddress(address) && Facts.Ground.HasList(address))
        : Copies.IsRelayed(Facts, Sender);

    /// <summary>The email without what can be read of it.</summary>
    public KnownEmail WithoutText() => this with
    {
        Sender = null, BaseSubject = Mail.BaseSubject.Withhold(BaseSubject), TrackingToken = null, IsWithheld = true, Owner = default,
    };
}

/// <summary>What was decided of a tracked email; a function of the facts, whatever their order.</summary>
/// <param name="ConversationId">Its conversation.</param>
/// <param name="IsFounder">Whether the conversation that is named after it was ever used: who keeps it, keeps its id.</param>
/// <param name="Admission">Why it may speak there, or that it is held.</param>
/// <param name="Correlation">What it answers.</param>
/// <param name="SubjectChanged">Dataverse column <c>correlatedsubjectchanged</c>: for In-Reply-To only.</param>
/// <param name="RegardingClaims">Its own claims for a regarding.</param>
/// <param name="Regarding">What it is about; null when nothing.</param>
/// <param name="IsOutgoing">Dataverse column <c>directioncode</c>: any copy lies in Sent Items.</param>
/// <param name="Accepting">Who accepted it.</param>
/// <param name="SenderRecord">The record that the sender stands for; null when none, or too many, have the address.</param>
/// <param name="LeftOut">Why it is hidden although a mailbox wants it: people said so. Null for a tracked email.</param>
[GenerateSerializer, Immutable, Alias("EmailState")]
public sealed record EmailState(
    [property: Id(0)] Guid ConversationId,
    [property: Id(1)] bool IsFounder,
    [property: Id(2)] Admission Admission,
    [property: Id(3)] Correlation Correlation,
    [property: Id(4)] bool SubjectChanged,
    [property: Id(5)] ImmutableArray<RegardingClaim> RegardingClaims,
    [property: Id(6)] RegardingLink? Regarding,
    [property: Id(7)] bool IsOutgoing,
    [property: Id(8)] AcceptingEntity? Accepting,
    [property: Id(9)] RecordReference? SenderRecord,
    [property: Id(10)] ReasonCode? LeftOut)
{
    /// <summary>Whether the mail may speak in its conversation.</summary>
    public bool IsHeld => Admission == Admission.Held;

    /// <summary>Whether both hold the same, claims compared one by one.</summary>
    public bool Equals(EmailState? other) =>
        other is not null && ConversationId == other.ConversationId && IsFounder == other.IsFounder && Admission == other.Admission &&
        Correlation == other.Correlation && SubjectChanged == other.SubjectChanged && Regarding == other.Regarding &&
        IsOutgoing == other.IsOutgoing && Accepting == other.Accepting && SenderRecord == other.SenderRecord &&
        LeftOut == other.LeftOut &&
        RegardingClaims.SequenceEqual(other.RegardingClaims);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ConversationId, Admission, Correlation, Regarding);
}
