using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Api.Mailboxes;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Organizations;

/// <summary>Queues, and the emails in them.</summary>
internal static class QueueEndpoints
{
    private const string Tag = "Queues";
    private const int CountStandard = 50;
    private const int CountMax = 1_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("queues", ListAsync)
            .Describes<ListAnswer<QueueAnswer>>("list-queues", Tag, "The queues that you may see, by the address of their mailbox.")
            .NeedsForChosen(Privilege.ReadQueues);
        api.MapGet("queues/{address}/items", ListItemsAsync)
            .Describes<ListAnswer<QueueItemAnswer>>("list-queue-items", Tag, "The emails in a queue, newest first; each once, however often it reached it.")
            .NeedsForMailbox(Privilege.ReadQueues);
    }

    private static async Task<IResult> ListAsync(Owners owners, HttpContext context, CancellationToken token) => ApiAnswers.List(
        from mailbox in await owners.SeenAsync(Visitor.Of(context), token)
        let queue = QueueOf(mailbox)
        where queue is not null
        select new QueueAnswer(queue.Value, mailbox.Address.Value));

    private static async Task<IResult> ListItemsAsync(EmailAddress address, int? count, EmailTrackingClient client, CancellationToken token)
    {
        if (Bounds.Read(count, CountStandard, CountMax, out var asked) is { } wrong)
        {
            return wrong;
        }

        if (await MailboxEndpoints.FindAsync(client, address, token) is not { } mailbox || QueueOf(mailbox) is not { } queue)
        {
            return ApiAnswers.Missing($"{address} is no queue's mailbox. GET {ApiPart.Root}/queues lists them.");
        }

        return ApiAnswers.List((await client.ReadQueueAsync(queue, asked, token)).Select(QueueItemAnswer.Of));
    }

    private static Guid? QueueOf(MailboxFacts mailbox) => mailbox.Owner is { LogicalName: Tables.Queue } queue ? queue.Id : null;
}

/// <summary>A queue (Dataverse table <c>queue</c>).</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="EmailAddress">The address of its mailbox.</param>
internal sealed record QueueAnswer(Guid QueueId, string EmailAddress);

/// <summary>An email in a queue (Dataverse table <c>queueitem</c>).</summary>
/// <param name="EnteredOn">When it came into the queue; UTC.</param>
/// <param name="ObjectId">The email's activity; null when it is tracked no longer.</param>
/// <param name="Title">Its subject.</param>
/// <param name="Sender">Its From address.</param>
/// <param name="SentOn">Its Date; UTC.</param>
/// <param name="OwnerId">The user or team whose it is.</param>
/// <param name="RegardingObjectId">What it is about.</param>
internal sealed record QueueItemAnswer(
    DateTimeOffset EnteredOn, Guid? ObjectId, string? Title, string? Sender, DateTimeOffset? SentOn, Guid? OwnerId, RecordReference? RegardingObjectId)
{
    public static QueueItemAnswer Of(QueueItemRow item) => new(
        item.EnteredOn,
        item.Email.Activity?.ActivityId,
        item.Email.Activity?.Subject,
        item.Email.Activity?.Sender?.Value,
        item.Email.Activity?.SentOn,
        item.Email.Activity?.Owner.OwnerId,
        item.Email.Activity?.Regarding);
}
