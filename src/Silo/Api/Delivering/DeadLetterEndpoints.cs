using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Outbox;
using EmailTracking.Queries;
using EmailTracking.Silo.Api.Mailboxes;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Delivering;

/// <summary>Messages that could not be decided. What they say is not told.</summary>
internal static class DeadLetterEndpoints
{
    private const string Tag = "Dead letters";
    private const string Path = $"{MailboxEndpoints.One}/dead-letters/{{item}}";
    private const int CountStandard = 100;
    private const int CountMax = 1_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("dead-letters", ListAsync)
            .Describes<ListAnswer<DeadLetterAnswer>>("list-dead-letters", Tag, "The messages that could not be decided, and what to do about each; newest first.")
            .NeedsForChosen(Privilege.ReadDeadLetters);
        api.MapGet(Path, ReadAsync)
            .Describes<DeadLetterAnswer>("read-dead-letter", Tag, "One dead letter, by mailbox, item and folder.")
            .NeedsForMailbox(Privilege.ReadDeadLetters);
        api.MapPost($"{Path}/retry", RetryAsync)
            .Describes<RetryAnswer>("retry-dead-letter", Tag, "Has one message decided again, from its raw mail when that is kept, else from its mailbox.")
            .NeedsForMailbox(Privilege.RetryDeadLetters, isChange: true)
            .DisableRequestTimeout();
    }

    private static async Task<IResult> ListAsync(
        int? count, EmailTrackingClient client, Owners owners, HttpContext context, CancellationToken token)
    {
        if (Bounds.Read(count, CountStandard, CountMax, out var asked) is { } wrong)
        {
            return wrong;
        }

        var visitor = Visitor.Of(context);
        var isOwn = visitor.Reach != Reach.All;
        var letters = await client.ReadDeadLettersAsync(isOwn ? CountMax : asked, token);
        if (!isOwn)
        {
            return ApiAnswers.List(letters.Select(DeadLetterAnswer.Of));
        }

        var own = (await owners.SeenAsync(visitor, token)).Select(mailbox => mailbox.Address).ToHashSet();
        return ApiAnswers.List(letters.Where(letter => own.Contains(letter.Place.Mailbox)).Take(asked).Select(DeadLetterAnswer.Of));
    }

    private static async Task<IResult> ReadAsync(
        EmailAddress address, string item, string? folder, EmailTrackingClient client, CancellationToken token) =>
        await client.FindDeadLetterAsync(Place(address, folder, item), token) is { } letter
            ? Results.Json(DeadLetterAnswer.Of(letter))
            : Missing();

    private static async Task<IResult> RetryAsync(
        EmailAddress address, string item, string? folder, EmailTrackingClient client, CancellationToken token) =>
        await client.RetryDeadLetterAsync(Place(address, folder, item), token) switch
        {
            null => Missing(),
            { Problem: { } problem } => ApiAnswers.Refused($"It is a dead letter still: {problem}"),
            var retried => Results.Json(RetryAnswer.Of(retried)),
        };

    private static SightingPlace Place(EmailAddress address, string? folder, string item) => new(address, folder ?? "Inbox", item);

    private static IResult Missing() => ApiAnswers.Missing(
        $"There is no such dead letter. GET {ApiPart.Root}/dead-letters lists them; its folder is named so: ?folder=Inbox");
}

/// <summary>A message that could not be decided.</summary>
/// <param name="Mailbox">The mailbox where it was seen.</param>
/// <param name="Folder">The folder.</param>
/// <param name="Item">What tells it apart there.</param>
/// <param name="Step">Where it failed.</param>
/// <param name="ReasonCode">Why, by number.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Problem">What happened, and what to do.</param>
/// <param name="IsKept">Whether its raw mail is kept here; else it lies in its mailbox.</param>
/// <param name="FailedOn">When; UTC.</param>
internal sealed record DeadLetterAnswer(
    string Mailbox,
    string Folder,
    string Item,
    string Step,
    ReasonCode ReasonCode,
    string Reason,
    string Problem,
    bool IsKept,
    DateTimeOffset FailedOn)
{
    public static DeadLetterAnswer Of(DeadLetter letter) => new(
        letter.Place.Mailbox.Value,
        letter.Place.Folder,
        letter.Place.Item,
        letter.Step,
        letter.Reason,
        TraceWords.Of(letter.Reason),
        letter.Problem,
        letter.ContentHash is not null,
        letter.FailedOn);
}

/// <summary>A message that is no dead letter any more.</summary>
/// <param name="Outcome">What was decided; null when it was decided from its mailbox.</param>
/// <param name="ReasonCode">Why, by number.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record RetryAnswer(string? Outcome, ReasonCode? ReasonCode, string? Reason)
{
    public static RetryAnswer Of(RetriedLetter retried) => new(
        retried.Outcome is { } outcome ? AccessCheck.Word(outcome) : null,
        retried.Reason,
        retried.Reason is { } reason ? TraceWords.Of(reason) : null);
}
