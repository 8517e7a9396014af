using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>Emails as a cluster shows them.</summary>
internal static class Rows
{
    public static readonly Guid Conversation = Guid.Parse("00000000-0000-8000-8000-0000000000c0");

    public static MessageKey Key(int number) => MessageKey.FromBytes([.. new byte[15], (byte)number]);

    public static Guid Activity(int number) => Guid.Parse($"00000000-0000-8000-8000-{number:d12}");

    public static EmailAddress Address(string text) =>
        EmailAddress.TryParse(text, out var address) ? address : throw new FormatException(text);

    public static EmailRow Tracked(int number, int? answers = null, string? subject = null, RecordReference? about = null) => new()
    {
        Key = Key(number),
        Outcome = Outcome.Tracked,
        Reason = ReasonCode.AcceptAll,
        Mailboxes = [Address("ana@contoso.com")],
        Activity = new ActivityRow
        {
            ActivityId = Activity(number),
            MessageId = $"{number}+a@contoso.com",
            Subject = subject ?? $"Subject {number}",
            Sender = Address("bo@fabrikam.example"),
            SentOn = new DateTimeOffset(2026, 1, 5, 10, 0, 0, TimeSpan.Zero).AddMinutes(number),
            ContentHash = new string('1', 64),
            ReceivingMailbox = Address("ana@contoso.com"),
            ParentActivityId = answers is { } parent ? Activity(parent) : null,
            CorrelatedActivityId = answers is { } correlated ? Activity(correlated) : null,
            State = new EmailState(
                Conversation,
                answers is null,
                Admission.Starts,
                answers is { } email ? new Correlation(CorrelationMethod.InReplyTo, Key(email), true, true) : Correlation.None,
                SubjectChanged: false,
                [],
                about is { } record ? new RegardingLink(RegardingSource.Folder, record, null) : null,
                IsOutgoing: false,
                Accepting: null,
                SenderRecord: null,
                LeftOut: null),
        },
    };

    public static EmailRow Skipped(int number) => new()
    {
        Key = Key(number),
        Outcome = Outcome.Skipped,
        Reason = ReasonCode.NoCorrelationMatch,
        Mailboxes = [Address("ana@contoso.com"), Address("bo@contoso.com")],
    };
}
