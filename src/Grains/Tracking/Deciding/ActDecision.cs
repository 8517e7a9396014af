using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What a person wants to do.</summary>
[GenerateSerializer, Immutable, Alias("ActRequest")]
public sealed record ActRequest
{
    /// <summary>The caller's name for it: the same id again changes nothing.</summary>
    [Id(0)]
    public required Guid Id { get; init; }

    /// <summary>What to do.</summary>
    [Id(1)]
    public required ActKind Kind { get; init; }

    /// <summary>Who does it: 1 to 200 characters.</summary>
    [Id(2)]
    public required string By { get; init; }

    /// <summary>When it was done; UTC.</summary>
    [Id(3)]
    public required DateTimeOffset On { get; init; }

    /// <summary>
    /// The keys of the emails that are named: for a merge one of each conversation, for a split those that leave (with what hangs below
    /// them).
    /// </summary>
    [Id(4)]
    public ImmutableArray<MessageKey> Emails { get; init; } = [];

    /// <summary>What the emails are about; for a resolve the record that <see cref="Address"/> stands for.</summary>
    [Id(5)]
    public RecordReference? Record { get; init; }

    /// <summary>For a regarding: nobody inherits it. For a split: what hangs below the named emails stays.</summary>
    [Id(6)]
    public bool ForTheseOnly { get; init; }

    /// <summary>For an undo: the act to take back.</summary>
    [Id(7)]
    public Act? Undone { get; init; }

    /// <summary>For an erase: the erasure that it is a part of.</summary>
    [Id(8)]
    public Guid? Erasure { get; init; }

    /// <summary>For a resolve: the address of a party of the email.</summary>
    [Id(9)]
    public EmailAddress? Address { get; init; }

    /// <summary>For a resolve: the addresses of all parties of the email; empty when it is not tracked, or nothing of it is kept.</summary>
    [Id(10)]
    public ImmutableArray<EmailAddress> Parties { get; init; } = [];

    /// <summary>For an undo of a track: the emails that no filter and no folder wants, which are as little tracked after it as before.</summary>
    [Id(11)]
    public ImmutableArray<MessageKey> Unwanted { get; init; } = [];
}

/// <summary>What became of an act.</summary>
/// <param name="Id">The act's id: it can be undone by it. Null when it was refused.</param>
/// <param name="Problem">Why it was refused, and what to do; null when it was done.</param>
/// <param name="Changed">How many emails stand otherwise now.</param>
/// <param name="Conversations">The conversations of the emails that were meant, without repeats.</param>
/// <param name="Again">How many copies are being decided again.</param>
/// <param name="Pending">Emails that the act takes hold of only when they are next offered: nothing of them is kept.</param>
[GenerateSerializer, Immutable, Alias("ActAnswer")]
public sealed record ActAnswer(
    [property: Id(0)] Guid? Id,
    [property: Id(1)] string? Problem,
    [property: Id(2)] int Changed,
    [property: Id(3)] ImmutableArray<Guid> Conversations,
    [property: Id(4)] int Again,
    [property: Id(5)] int Pending)
{
    /// <summary>An act that was not done; nothing changed.</summary>
    public static ActAnswer Refused(string problem) => new(null, problem, 0, [], 0, 0);
}

/// <summary>What deciding an act came to.</summary>
public abstract record ActDecision
{
    private ActDecision()
    {
    }

    /// <summary>It cannot be done; nothing changes.</summary>
    /// <param name="Problem">Why, and what to do.</param>
    public sealed record Refused(string Problem) : ActDecision;

    /// <summary>Store the change, then answer.</summary>
    /// <param name="Change">What to store.</param>
    public sealed record Decided(TrackingChange Change) : ActDecision;

    /// <summary>More is asked than the snapshot holds.</summary>
    /// <param name="Members">What.</param>
    public sealed record NeedsMembers(TrackingDecision.NeedsMembers Members) : ActDecision;
}
