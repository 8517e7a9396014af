using System.Collections.Immutable;
using EmailTracking.Storage;

namespace EmailTracking.Silo.Api.Mail;

/// <summary>An email, with the names of Dataverse's table <c>email</c> where it has them.</summary>
/// <param name="Key">What it is known by, tracked or not.</param>
/// <param name="Outcome">tracked, skipped, ...</param>
/// <param name="Reason">Why, as a name; <c>why</c> has it in words.</param>
/// <param name="Mailboxes">The mailboxes where it was seen, as far as that is one's own to know.</param>
/// <param name="Activity">The rest, of a tracked email; null of any other: of that no content is kept.</param>
internal sealed record EmailAnswer(string Key, string Outcome, string Reason, ImmutableArray<string> Mailboxes, ActivityAnswer? Activity)
{
    public static EmailAnswer Of(EmailRow row) => new(
        row.Key.ToString(),
        row.Outcome.ToString(),
        row.Reason.ToString(),
        [.. row.Mailboxes.Select(mailbox => mailbox.Value)],
        row.Activity is null ? null : ActivityAnswer.Of(row.Activity));
}

/// <summary>A tracked email's activity.</summary>
/// <param name="ActivityId">activityid.</param>
/// <param name="MessageId">The Message-ID without brackets; null when it has none.</param>
/// <param name="Subject">The decoded subject.</param>
/// <param name="Sender">The From address.</param>
/// <param name="SentOn">The Date header; UTC.</param>
/// <param name="DirectionCode">true: outgoing.</param>
/// <param name="CorrelationMethod">Dataverse's value: 0 none, 1 skipped, 2 X-header, 3 In-Reply-To, 4 tracking token, 5 conversation index, 6 smart matching, 7 custom.</param>
/// <param name="CorrelatedActivityId">The email by which it was correlated.</param>
/// <param name="ParentActivityId">The email that it answers.</param>
/// <param name="ConversationTrackingId">The conversation.</param>
/// <param name="RegardingObjectId">The record that it is about; null: none.</param>
/// <param name="RegardingObjectIdType">Its table.</param>
/// <param name="RegardingSource">Who or what said so.</param>
/// <param name="ReceivingMailbox">The address of the mailbox where it was first accepted.</param>
/// <param name="AcceptingMailbox">The address of the mailbox whose rules it follows.</param>
/// <param name="TrackingToken">The tracking token in its subject.</param>
/// <param name="OwnerId">Whose it is.</param>
/// <param name="LeftOut">Why a person keeps it out; null: nobody does.</param>
internal sealed record ActivityAnswer(
    Guid ActivityId,
    string? MessageId,
    string Subject,
    string? Sender,
    DateTimeOffset? SentOn,
    bool DirectionCode,
    int CorrelationMethod,
    Guid? CorrelatedActivityId,
    Guid? ParentActivityId,
    Guid ConversationTrackingId,
    Guid? RegardingObjectId,
    string? RegardingObjectIdType,
    string? RegardingSource,
    string ReceivingMailbox,
    string? AcceptingMailbox,
    string? TrackingToken,
    Guid? OwnerId,
    string? LeftOut)
{
    public static ActivityAnswer Of(ActivityRow row) => new(
        row.ActivityId,
        row.MessageId,
        row.Subject,
        row.Sender?.Value,
        row.SentOn,
        row.State.IsOutgoing,
        (int)row.State.Correlation.Method,
        row.CorrelatedActivityId,
        row.ParentActivityId,
        row.State.ConversationId,
        row.Regarding?.Id,
        row.Regarding?.LogicalName,
        row.Regarding is null ? null : row.State.Regarding?.Source.ToString(),
        row.ReceivingMailbox.Value,
        row.State.Accepting?.Mailbox.Value,
        row.TrackingToken,
        row.Owner.OwnerId,
        row.State.LeftOut?.ToString());
}
