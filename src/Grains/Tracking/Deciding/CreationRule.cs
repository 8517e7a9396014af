using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What a condition of a rule looks at. A closed list: nothing of the mail's text is run or searched.</summary>
public enum RuleFact
{
    /// <summary>The subject contains the value; upper and lower case are the same.</summary>
    Subject = 0,

    /// <summary>The sender is the value: an address, or a domain with all below it.</summary>
    Sender = 1,

    /// <summary>A recipient in To, Cc or Bcc is the value: an address, or a domain with all below it.</summary>
    Recipient = 2,

    /// <summary>The table of the sender's record, for example <c>contact</c>; <c>none</c> for a sender that is no record.</summary>
    SenderTable = 3,

    /// <summary><c>true</c> or <c>false</c>: whether anything is attached.</summary>
    HasAttachments = 4,

    /// <summary><c>low</c>, <c>normal</c> or <c>high</c>.</summary>
    Importance = 5,

    /// <summary><c>true</c> or <c>false</c>: whether a program wrote it (Auto-Submitted, RFC 3834).</summary>
    AutoSubmitted = 6,

    /// <summary>A header that marks mail, one of <see cref="LabelHeaders"/>, with its value: <c>sensitivity: private</c>.</summary>
    Header = 7,
}

/// <summary>What a rule makes of mail from somebody who is no contact and no account (Dataverse column <c>convertrule.allowunknownsender</c>).</summary>
public enum UnknownSenders
{
    /// <summary>Nothing.</summary>
    Refuse = 0,

    /// <summary>A contact, who is the customer.</summary>
    CreateContact = 1,

    /// <summary>A record without a customer.</summary>
    Allow = 2,
}

/// <summary>What a rule makes of mail that answers a resolved case (Dataverse column <c>convertrule.checkifresolved</c>).</summary>
public enum ResolvedRecords
{
    /// <summary>Nothing: the mail stays with it.</summary>
    Keep = 0,

    /// <summary>A new record, which the mail is about from then on. The resolved one is not opened again.</summary>
    CreateNew = 1,
}

/// <summary>Who the customer of the created record is.</summary>
public enum RuleCustomer
{
    /// <summary>The sender's contact or account.</summary>
    Sender = 0,

    /// <summary>The account that the sender's contact belongs to; the contact when there is none.</summary>
    Account = 1,
}

/// <summary>One comparison.</summary>
/// <param name="Fact">What is compared.</param>
/// <param name="Value">With what, as <see cref="RuleFact"/> says; at most 200 characters.</param>
/// <param name="Not">Whether it holds when the comparison does not.</param>
[GenerateSerializer, Immutable, Alias("CreationCondition")]
public sealed record CreationCondition(
    [property: Id(0)] RuleFact Fact, [property: Id(1)] string Value, [property: Id(2)] bool Not = false);

/// <summary>A part of a rule (Dataverse table <c>convertruleitem</c>): when all conditions hold, a record of a table is created.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="When">The conditions; none always hold.</param>
/// <param name="Creates">The table of the record, for example <c>incident</c>.</param>
[GenerateSerializer, Immutable, Alias("CreationItem")]
public sealed record CreationItem(
    [property: Id(0)] string Name, [property: Id(1)] ImmutableArray<CreationCondition> When, [property: Id(2)] string Creates)
{
    /// <summary>Whether both say the same.</summary>
    public bool Equals(CreationItem? other) =>
        other is not null && Name == other.Name && Creates == other.Creates && When.SequenceEqual(other.When);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Creates, When.Length);
}

/// <summary>How mail in a queue becomes records (Dataverse table <c>convertrule</c>). A queue has one rule at most.</summary>
[GenerateSerializer, Immutable, Alias("CreationRule")]
public sealed record CreationRule
{
    /// <summary>What people call it.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>The queue, by the address of its mailbox.</summary>
    [Id(1)]
    public required EmailAddress Queue { get; init; }

    /// <summary>Its items in their order: the first that matches creates its record, and no other.</summary>
    [Id(2)]
    public required ImmutableArray<CreationItem> Items { get; init; }

    /// <summary>What becomes of mail from unknown senders. Default: nothing.</summary>
    [Id(3)]
    public UnknownSenders UnknownSenders { get; init; }

    /// <summary>What becomes of mail that answers a resolved record. Default: it stays with that.</summary>
    [Id(4)]
    public ResolvedRecords Resolved { get; init; }

    /// <summary>Who the customer is. Default: the sender.</summary>
    [Id(5)]
    public RuleCustomer Customer { get; init; }

    /// <summary>Whether mail that a program wrote counts, bounces among it. Default: false.</summary>
    [Id(6)]
    public bool TakesAutoSubmitted { get; init; }

    /// <summary>Whether mail that an import brings counts. Default: false.</summary>
    [Id(7)]
    public bool TakesImported { get; init; }

    /// <summary>
    /// For <see cref="ResolvedRecords.CreateNew"/>: how long a record must have been resolved when the mail is received; 0 to 366 days.
    /// Before that the mail stays with it. Default: 0, at once (Dataverse column <c>convertrule.resolvedsince</c>).
    /// </summary>
    [Id(8)]
    public TimeSpan WaitAfterResolved { get; init; }

    /// <summary>Whether both say the same.</summary>
    public bool Equals(CreationRule? other) =>
        other is not null && Name == other.Name && Queue == other.Queue && Items.SequenceEqual(other.Items) &&
        UnknownSenders == other.UnknownSenders && Resolved == other.Resolved && Customer == other.Customer &&
        TakesAutoSubmitted == other.TakesAutoSubmitted && TakesImported == other.TakesImported &&
        WaitAfterResolved == other.WaitAfterResolved;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Queue, Items.Length);
}

/// <summary>One version of a queue's rule: that with the greatest number is in force.</summary>
/// <param name="Queue">The address of the queue's mailbox.</param>
/// <param name="Version">Counts the changes of this queue's rule, from 1.</param>
/// <param name="Rule">The rule; null when it was removed.</param>
/// <param name="ChangedBy">Who changed it.</param>
/// <param name="ChangedOn">When; UTC.</param>
/// <param name="Why">Why, in their words; null when they did not say.</param>
[GenerateSerializer, Immutable, Alias("RuleVersion")]
public sealed record RuleVersion(
    [property: Id(0)] EmailAddress Queue,
    [property: Id(1)] long Version,
    [property: Id(2)] CreationRule? Rule,
    [property: Id(3)] string ChangedBy,
    [property: Id(4)] DateTimeOffset ChangedOn,
    [property: Id(5)] string? Why);

/// <summary>A record that a rule makes of an email.</summary>
/// <param name="Reference">The record; its id is computed from the email and the queue, so that whoever decides it writes the same row.</param>
/// <param name="Name">Its title: the subject, else the sender; at most 200 characters (Dataverse column <c>incident.title</c>).</param>
/// <param name="OwnerId">The queue's owner; null when that is not known.</param>
/// <param name="Customer">Its customer (Dataverse column <c>incident.customerid</c>); null when there is none.</param>
/// <param name="Email">The email that it is made of.</param>
/// <param name="Queue">The queue whose rule makes it, by the address of its mailbox.</param>
/// <param name="Version">The version of the rule.</param>
/// <param name="Item">The name of the item.</param>
[GenerateSerializer, Immutable, Alias("CreatedRecord")]
public sealed record CreatedRecord(
    [property: Id(0)] RecordReference Reference,
    [property: Id(1)] string Name,
    [property: Id(2)] Guid? OwnerId,
    [property: Id(3)] RecordReference? Customer,
    [property: Id(4)] MessageKey Email,
    [property: Id(5)] EmailAddress Queue,
    [property: Id(6)] long Version,
    [property: Id(7)] string Item);
