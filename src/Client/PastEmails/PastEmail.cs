using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.PastEmails;

/// <summary>An email that a CRM tracked before, as its export describes it: its headers, without a body.</summary>
internal sealed record PastEmail
{
    /// <summary>Where its row begins in the file, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>Dataverse column <c>messageid</c>; null when it has none.</summary>
    public MessageId? MessageId { get; init; }

    /// <summary>Dataverse column <c>inreplyto</c>.</summary>
    public ImmutableArray<MessageId> InReplyTo { get; init; } = [];

    /// <summary>Dataverse column <c>conversationindex</c>, as base64; null when it has none.</summary>
    public string? ThreadIndex { get; init; }

    /// <summary>The subject with the tracking token in it; one line, at most <see cref="BaseSubject.LengthMax"/> characters.</summary>
    public required string Subject { get; init; }

    /// <summary>Dataverse column <c>senton</c>, else <c>createdon</c>; UTC.</summary>
    public required DateTimeOffset SentOn { get; init; }

    public required EmailAddress Sender { get; init; }

    public ImmutableArray<EmailAddress> To { get; init; } = [];

    public ImmutableArray<EmailAddress> Cc { get; init; } = [];

    /// <summary>Dataverse column <c>directioncode</c>.</summary>
    public bool IsOutgoing { get; init; }

    /// <summary>Dataverse column <c>regardingobjectid</c>; null when it is about nothing.</summary>
    public RecordReference? Regarding { get; init; }
}
