using System.Collections.Immutable;

namespace EmailTracking.Tracking.Mail;

/// <summary>The decoded header values of one mail, as far as tracking needs them; any of them may be absent or wrong.</summary>
/// <remarks>
/// Text is storable: no NUL, no lone surrogate. Headers that a mail repeats are joined (ids, recipients) or the first counts
/// (all others).
/// </remarks>
[GenerateSerializer, Immutable, Alias("MailHeaders")]
public sealed record MailHeaders
{
    /// <summary>Message-ID, as written.</summary>
    [Id(0)]
    public string? MessageId { get; init; }

    /// <summary>In-Reply-To, as written; at most 1 MB.</summary>
    [Id(1)]
    public string? InReplyTo { get; init; }

    /// <summary>References, as written; at most 1 MB.</summary>
    [Id(2)]
    public string? References { get; init; }

    /// <summary>Thread-Index, as written.</summary>
    [Id(3)]
    public string? ThreadIndex { get; init; }

    /// <summary>Date, in UTC; null when absent or unreadable.</summary>
    [Id(4)]
    public DateTimeOffset? Date { get; init; }

    /// <summary>Sender first (From, else Sender), then To, Cc and Bcc in order.</summary>
    [Id(5)]
    public ImmutableArray<Participant> Participants { get; init; } = [];

    /// <summary>Subject, decoded.</summary>
    [Id(6)]
    public string Subject { get; init; } = "";

    /// <summary>The id inside the brackets of List-Id (RFC 2919), and the addresses of List-Post (RFC 2369).</summary>
    [Id(7)]
    public ImmutableArray<string> Lists { get; init; } = [];

    /// <summary>Auto-Submitted (RFC 3834), when it is not "no".</summary>
    [Id(8)]
    public string? AutoSubmitted { get; init; }

    /// <summary>0 low, 1 normal, 2 high.</summary>
    [Id(9)]
    public int Importance { get; init; } = 1;

    /// <summary>The headers of <see cref="LabelHeaders"/> that it has, as <c>name: value</c>, decoded.</summary>
    [Id(11)]
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Who wrote what the mail forwards: of the first forwarded mail in the first 64 KB of its text; null when it is no forward.</summary>
    [Id(12)]
    public Participant? ForwardedFrom { get; init; }

    /// <summary>Attachments and attached messages.</summary>
    [Id(10)]
    public int AttachmentCount { get; init; }
}
