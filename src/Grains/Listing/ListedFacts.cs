using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Listing;

/// <summary>What hangs on an email as it is stored: where it is to stand, and by what it is to be found.</summary>
public sealed record ListedFacts
{
    /// <summary>Its row number.</summary>
    public required long Row { get; init; }

    /// <summary>What it is known by.</summary>
    public required MessageKey Key { get; init; }

    /// <summary>Whether it is tracked and nobody keeps it out.</summary>
    public required bool IsShown { get; init; }

    /// <summary>The Date header; UTC.</summary>
    public DateTimeOffset? SentOn { get; init; }

    /// <summary>When it was first received; UTC.</summary>
    public required DateTimeOffset ReceivedOn { get; init; }

    /// <summary>The decoded subject.</summary>
    public required string Subject { get; init; }

    /// <summary>The raw mail that stands for it.</summary>
    public required string ContentHash { get; init; }

    /// <summary>correlationmethod.</summary>
    public CorrelationMethod Method { get; init; }

    /// <summary>directioncode.</summary>
    public bool IsOutgoing { get; init; }

    /// <summary>Whether it is held.</summary>
    public bool IsHeld { get; init; }

    /// <summary>ownerid; null when nobody owns it.</summary>
    public Guid? Owner { get; init; }

    /// <summary>The mailboxes that saw it.</summary>
    public ImmutableArray<EmailAddress> Mailboxes { get; init; } = [];

    /// <summary>The queues that it is in.</summary>
    public ImmutableArray<Guid> Queues { get; init; } = [];

    /// <summary>Its participants.</summary>
    public ImmutableArray<ListedParty> Parties { get; init; } = [];

    /// <summary>The record that it is about today, and the customers above it; empty when it is about nothing.</summary>
    public ImmutableArray<RecordReference> Regarding { get; init; } = [];

    /// <summary>Who owns the record that it is about.</summary>
    public Guid? RegardingOwner { get; init; }

    /// <summary>Where it stands now; null when it stands nowhere.</summary>
    public long? Position { get; init; }

    /// <summary>The lists in which it stands now.</summary>
    public ImmutableArray<Guid> Lists { get; init; } = [];
}

/// <summary>A participant of an email.</summary>
/// <param name="Address">Its address; null when it has none that can be read.</param>
/// <param name="Name">Its name; may be empty.</param>
/// <param name="Record">Its record.</param>
/// <param name="Customer">The customer that the record belongs to: a contact's account.</param>
public sealed record ListedParty(EmailAddress? Address, string Name, RecordReference? Record, RecordReference? Customer);
