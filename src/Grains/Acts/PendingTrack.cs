using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Acts;

/// <summary>A mail that somebody tracked and that is not here yet: as long as this is kept, it is looked for.</summary>
[GenerateSerializer, Immutable, Alias("PendingTrack")]
public sealed record PendingTrack
{
    /// <summary>How many may be pending in one mailbox.</summary>
    public const int MailboxMax = 100;

    /// <summary>How many are looked at.</summary>
    public const int CountMax = 10_000;

    /// <summary>The act, which is taken back by this id also while it is pending.</summary>
    [Id(0)]
    public required Guid Act { get; init; }

    /// <summary>The mailbox where the mail lies.</summary>
    [Id(1)]
    public required EmailAddress Mailbox { get; init; }

    /// <summary>Which mail.</summary>
    [Id(2)]
    public required MessageId MessageId { get; init; }

    /// <summary>What it is about; null: what its conversation is about.</summary>
    [Id(3)]
    public RecordReference? Record { get; init; }

    /// <summary>Who tracked it: 1 to 200 characters.</summary>
    [Id(4)]
    public required string By { get; init; }

    /// <summary>When they did, which may be before we learned it; UTC.</summary>
    [Id(5)]
    public required DateTimeOffset On { get; init; }

    /// <summary>When we learned it; UTC.</summary>
    [Id(6)]
    public required DateTimeOffset CreatedOn { get; init; }

    /// <summary>How often its mailbox was searched for it.</summary>
    [Id(7)]
    public int Tries { get; init; }

    /// <summary>When its mailbox is searched again; UTC.</summary>
    [Id(8)]
    public required DateTimeOffset TryOn { get; init; }

    /// <summary>Why it is not here yet, in a sentence; null when nothing was tried.</summary>
    [Id(9)]
    public string? Problem { get; init; }

    /// <summary>What to do about it, in a sentence; null when nothing was tried.</summary>
    [Id(10)]
    public string? NextStep { get; init; }
}
