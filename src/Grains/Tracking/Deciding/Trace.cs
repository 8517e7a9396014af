using System.Collections.Immutable;

namespace EmailTracking.Tracking.Deciding;

/// <summary>One thing that was looked at while an email was decided. The names are storage format.</summary>
public enum TraceCode
{
    /// <summary>Nobody had shown us mail of this id.</summary>
    FirstSeen = 1,

    /// <summary>A copy of an email that we have. Values: none.</summary>
    SameEmail = 2,

    /// <summary>Other mail under an id that is taken: an activity of its own.</summary>
    ReusedId = 3,

    /// <summary>The mailbox's filter. Values: mailbox, filter method, reason code, accepted.</summary>
    FilterAsked = 10,

    /// <summary>The sender's records that the filter looked at. Values: tables.</summary>
    SenderIs = 11,

    /// <summary>The id that the mail answers, when that is not tracked. Values: id.</summary>
    AnswersUntracked = 12,

    /// <summary>A copy was accepted in the mailbox that stands for all. Values: mailbox.</summary>
    AcceptedBy = 13,

    /// <summary>The filter is not the mailbox's own: the organization forces it on all users. Values: the mailbox's own filter method.</summary>
    FilterForced = 14,

    /// <summary>The mailbox is not among the recipients: Bcc, a list, or an alias that no record has. Values: mailbox.</summary>
    NotAddressed = 15,

    /// <summary>It came into its folder from another one. Values: the folder.</summary>
    ArrivedByMove = 16,

    /// <summary>Evidence that was found and decided the correlation. Values: claim kind, email key, shared.</summary>
    Correlated = 20,

    /// <summary>Evidence that was found and overruled. Values: claim kind, email key, shared.</summary>
    AlsoFound = 21,

    /// <summary>A named mail in another conversation: the sender has no ground there. Values: claim kind, email key.</summary>
    NotJoined = 22,

    /// <summary>Ids were named that nobody has shown us. Values: how many.</summary>
    NamesUnseen = 23,

    /// <summary>Nothing ties the mail to another.</summary>
    StandsAlone = 24,

    /// <summary>A token in the subject that was not believed. Values: token, number of conversations that carry it.</summary>
    TokenNotBelieved = 25,

    /// <summary>Whether the mail may speak. Values: admission.</summary>
    Admitted = 30,

    /// <summary>What the mail is about. Values: source, record, email key or nothing.</summary>
    RegardingSet = 40,

    /// <summary>A claim that was overruled. Values: source, record.</summary>
    RegardingOverruled = 41,

    /// <summary>The email it answers is about a record, which a held mail may not take. Values: record.</summary>
    RegardingWithheld = 42,

    /// <summary>Nothing says what the mail is about.</summary>
    RegardingNone = 43,

    /// <summary>A person tracked it. Values: who, when (ISO 8601).</summary>
    TrackedByHand = 50,

    /// <summary>A person took it out, or stopped its conversation. Values: reason code, who, when (ISO 8601).</summary>
    LeftOut = 51,

    /// <summary>A participant was linked after the mail was decided. Values: address, record, when (ISO 8601).</summary>
    LinkedLater = 60,

    /// <summary>A participant is no longer linked to a record. Values: address, record, when (ISO 8601).</summary>
    UnlinkedLater = 61,

    /// <summary>
    /// The sender's address has several records. Values: the record that was taken or nothing, <see cref="ChoiceRule"/>, how many
    /// there are, then others.
    /// </summary>
    SenderChosen = 70,

    /// <summary>A recipient is several records. Values: address, how many.</summary>
    RecipientShared = 71,

    /// <summary>The unknown sender became a record. Values: record.</summary>
    SenderCreated = 72,

    /// <summary>What it may be about by its sender, if it correlates with nothing. Values: records.</summary>
    RegardingProposed = 73,

    /// <summary>The rule of a queue made a record of it. Values: rule, version, item, record.</summary>
    RuleFired = 80,

    /// <summary>Another item of the rule matches as well, later in its order. Values: item, table.</summary>
    RuleAlsoMatches = 81,

    /// <summary>The rule of a queue made nothing of it. Values: rule, version, <see cref="RuleSkip"/>, a record or address.</summary>
    RuleSkipped = 82,

    /// <summary>The customer of the record. Values: record or nothing, address, "forwarded", "created" or nothing.</summary>
    RuleCustomer = 83,

    /// <summary>What it answers became a record in this queue: it is about that. Values: record, queue.</summary>
    RuleRelated = 84,
}

/// <summary>One entry of a trace: a code and its values; words are made when it is read.</summary>
/// <param name="Code">What was looked at.</param>
/// <param name="Values">What was found, as the code says.</param>
[GenerateSerializer, Immutable, Alias("TraceEntry")]
public sealed record TraceEntry([property: Id(0)] TraceCode Code, [property: Id(1)] ImmutableArray<string> Values)
{
    /// <summary>An entry with these values.</summary>
    public static TraceEntry Of(TraceCode code, params ReadOnlySpan<string> values) => new(code, [.. values]);

    /// <summary>Whether both say the same.</summary>
    public bool Equals(TraceEntry? other) => other is not null && Code == other.Code && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Code, Values.Length);
}
