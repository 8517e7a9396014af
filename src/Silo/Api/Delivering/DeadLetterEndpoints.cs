using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Outbox;
using EmailTracking.Queries;
using EmailTracking.Silo.Api.Mailboxes;
using EmailTracking.Silo.Web;
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
    private const string NotThere = $"There is no such dead letter. GET {ApiPart.Root}/dead-letters lists them; its folder is named so: ?folder=Inbox";
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

        return ApiAnswers.List((await SeenAsync(client, owners, Visitor.Of(context), asked, token)).Select(DeadLetterAnswer.Of));
    }

    /// <summary>The dead letters that a visitor may see, newest first.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="owners">Whose mailboxes are whose.</param>
    /// <param name="visitor">The visitor.</param>
    /// <param name="count">How many at most; 1 to 1,000.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public static async Task<ImmutableArray<DeadLetter>> SeenAsync(
        EmailTrackingClient client, Owners owners, Visitor visitor, int count, CancellationToken cancellationToken)
    {
        if (visitor.Reach == Reach.All)
        {
            return await client.ReadDeadLettersAsync(count, cancellationToken);
        }

        var letters = await client.ReadDeadLettersAsync(CountMax, cancellationToken);
        var own = (await owners.SeenAsync(visitor, cancellationToken)).Select(mailbox => mailbox.Address).ToHashSet();
        return [.. letters.Where(letter => own.Contains(letter.Place.Mailbox)).Take(count)];
    }

    /// <summary>Has a message decided again.</summary>
    public static async Task<Told<RetryAnswer>> TryAgainAsync(EmailTrackingClient client, SightingPlace place, CancellationToken cancellationToken) =>
        await client.RetryDeadLetterAsync(place, cancellationToken) switch
        {
            null => Told<RetryAnswer>.Not(new Refusal(StatusCodes.Status404NotFound, "Not found", NotThere)),
            { Problem: { } problem } => Told<RetryAnswer>.Not(
                new Refusal(StatusCodes.Status422UnprocessableEntity, "Refused", $"It is a dead letter still: {problem}")),
            var retried => Told<RetryAnswer>.That(RetryAnswer.Of(retried)),
        };

    private static async Task<IResult> ReadAsync(
        EmailAddress address, string item, string? folder, EmailTrackingClient client, CancellationToken token) =>
        await client.FindDeadLetterAsync(Place(address, folder, item), token) is { } letter
            ? Results.Json(DeadLetterAnswer.Of(letter))
            : Missing();

    private static async Task<IResult> RetryAsync(
        EmailAddress address, string item, string? folder, EmailTrackingClient client, CancellationToken token)
    {
        var told = await TryAgainAsync(client, Place(address, folder, item), token);
        return told.Problem is { } problem ? Answers.Problem(problem.Status, problem.Title, problem.Detail) : Results.Json(told.Value);
    }

    private static SightingPlace Place(EmailAddress address, string? folder, string item) => new(address, folder ?? "Inbox", item);

    private static IResult Missing() => ApiAnswers.Missing(NotThere);
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
