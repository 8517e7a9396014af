using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Intake;
using EmailTracking.Queries;
using EmailTracking.Silo.Api.Describing;
using EmailTracking.Silo.Api.Mailboxes;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace EmailTracking.Silo.Api.Delivering;

/// <summary>Raw mail that programs bring: one message, or a file of many.</summary>
internal static class DeliveryEndpoints
{
    /// <summary>The header with the caller's name for what it brings.</summary>
    public const string OperationHeader = "Operation-Id";

    private const string Tag = "Delivery";
    private const string Inbox = "Inbox";
    private const string Octets = "application/octet-stream";

    // What is larger waits on disk until all of it is there: slow callers take no memory.
    private const int MemoryBytesMax = 1024 * 1024;

    public static void Map(IEndpointRouteBuilder api)
    {
        var batchBytesMax = api.ServiceProvider.GetRequiredService<WebOptions>().BatchBytesMax;
        var emails = api.MapGroup($"{MailboxEndpoints.One}/emails");
        emails.MapPost("", DeliverAsync)
            .Describes<DeliveredAnswer>(
                "deliver-email",
                Tag,
                "Delivers one raw message (message/rfc822) as seen in a mailbox. Safe to repeat. 200: decided or kept, durably; 422: it can never be " +
                "taken; 503: send it again later. With track=true it is tracked by hand as well, about regarding=TABLE/ID if that is given.")
            .NeedsForMailbox(Privilege.DeliverMail, isChange: true)
            .WithMetadata(new SizeBound(EmailTrackingClient.MessageBytesMax))
            .TakesRaw("message/rfc822", Octets)
            .DisableRequestTimeout();
        emails.MapPost("batch", BatchDelivery.DeliverAsync)
            .Describes<BatchAnswer>(
                "deliver-emails",
                Tag,
                "Delivers the messages of an mbox file (application/mbox), as old mail unless isbackfill=false. Safe to repeat.")
            .NeedsForMailbox(Privilege.DeliverMail, isChange: true)
            .WithMetadata(new SizeBound(batchBytesMax))
            .TakesRaw("application/mbox", Octets)
            .DisableRequestTimeout();
    }

    /// <summary>Why what is sent is not read; null when it is.</summary>
    public static IResult? Unread(HttpRequest request, string type) => MediaType(request) is { } sent && (sent == type || sent == Octets)
        ? null
        : Answers.Problem(StatusCodes.Status415UnsupportedMediaType, "Not read here", $"Say what it is: Content-Type: {type}.");

    /// <summary>What a caller delivers where.</summary>
    public static Delivery Of(EmailAddress address, string? folder, string? operation, DateTimeOffset? receivedOn, bool isBackfill) =>
        new(address.Value, folder ?? Inbox, operation, receivedOn) { IsBackfill = isBackfill };

    /// <summary>The caller's name for what it brings; null when it has none.</summary>
    public static string? Operation(HttpRequest request) => request.Headers[OperationHeader].ToString() is { Length: > 0 } said ? said : null;

    private static async Task<IResult> DeliverAsync(
        EmailAddress address,
        string? folder,
        DateTimeOffset? receivedOn,
        bool? isBackfill,
        bool? track,
        string? regarding,
        EmailTrackingClient client,
        DeliveredActs acts,
        UploadRoom room,
        TimeProvider time,
        HttpContext context,
        CancellationToken token)
    {
        if (Unread(context.Request, "message/rfc822") is { } unread)
        {
            return unread;
        }

        if (await MailboxEndpoints.FindAsync(client, address, token) is null)
        {
            return MailboxEndpoints.Missing(address);
        }

        var visitor = Visitor.Of(context);
        if (track == true && await acts.ProblemAsync(visitor, address, regarding, token) is { } refused)
        {
            return Answers.Problem(refused.Status, refused.Title, refused.Detail);
        }

        await using var body = new FileBufferingReadStream(
            context.Request.Body, MemoryBytesMax, EmailTrackingClient.MessageBytesMax, Path.GetTempPath);
        await body.DrainAsync(token);
        if (body.Length == 0)
        {
            return ApiAnswers.Wrong("Send the message as the body of the request, as it came: curl --data-binary @message.eml");
        }

        body.Position = 0;
        using var entered = await room.EnterAsync(body.Length, token);
        var delivery = Of(address, folder, Operation(context.Request), receivedOn ?? time.GetUtcNow(), isBackfill ?? false);
        var answer = await client.DeliverAsync(delivery, body, token);
        return track == true && answer.Outcome != Outcome.Failed
            ? await TrackAsync(visitor, address, regarding, acts, answer, token)
            : Of(context, answer);
    }

    private static async Task<IResult> TrackAsync(
        Visitor visitor, EmailAddress address, string? regarding, DeliveredActs acts, DeliveryAnswer answer, CancellationToken token)
    {
        var told = await acts.TrackAsync(visitor, address, regarding, answer, token);
        return told.Problem is { } problem
            ? Answers.Problem(problem.Status, problem.Title, problem.Detail)
            : Results.Json(told.Value);
    }

    private static IResult Of(HttpContext context, DeliveryAnswer answer)
    {
        var why = TraceWords.Of(answer.Reason);
        switch (answer.Outcome)
        {
            case Outcome.Tracked or Outcome.Skipped or Outcome.Waiting or Outcome.Deferred:
                return Results.Json(DeliveredAnswer.Of(answer));
            case Outcome.Failed when answer.Reason is ReasonCode.NotMail or ReasonCode.TooLarge or ReasonCode.Poison:
                return ApiAnswers.Refused($"It can never be taken: {why}. It is kept as a dead letter. {answer.Problem}".TrimEnd());
            default:
                context.Response.Headers.RetryAfter = "5";
                return Answers.Problem(StatusCodes.Status503ServiceUnavailable, "Not decided", $"It could not be decided now: {why}. Send it again later.");
        }
    }

    private static string? MediaType(HttpRequest request) => request.GetTypedHeaders().ContentType?.MediaType.Value?.ToLowerInvariant();
}

/// <summary>What became of a message; durable when it is given.</summary>
/// <param name="Outcome">tracked, skipped, waiting (what it answers is not tracked yet) or deferred (decided soon).</param>
/// <param name="ReasonCode">Why, by number.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="IsFirst">Whether this delivery made it an activity.</param>
/// <param name="ActivityId">The activity; null while no mailbox wants the email.</param>
/// <param name="ConversationId">Its conversation; null while no mailbox wants the email.</param>
/// <param name="Act">With track=true the act by which it was tracked, which is taken back by it; null otherwise.</param>
internal sealed record DeliveredAnswer(
    string Outcome, ReasonCode ReasonCode, string Reason, bool IsFirst, Guid? ActivityId, Guid? ConversationId, Guid? Act = null)
{
    public static DeliveredAnswer Of(DeliveryAnswer answer) => new(
        AccessCheck.Word(answer.Outcome), answer.Reason, TraceWords.Of(answer.Reason), answer.IsFirst, answer.ActivityId, answer.ConversationId);
}
