using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Preview;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Web;

/// <summary>What the page asks.</summary>
internal static class PreviewEndpoints
{
    /// <summary>Where the page is.</summary>
    public const string Root = "/preview";

    /// <summary>Where it asks.</summary>
    public const string Sessions = $"{Root}/sessions";

    private const int NameLengthMax = 256;

    public static void Map(IEndpointRouteBuilder routes, PageSessions sessions)
    {
        // A preview shows the threads of mail that is stored.
        var group = routes.MapGroup(Sessions).AddEndpointFilter(AnswerProblemsAsync).Needs(Privilege.ReadMail);
        group.MapPost("", (PageRequest request, CancellationToken token) => OpenAsync(sessions, request, token));
        group.MapPut("{id:guid}/file", (Guid id, string? name, HttpContext context) => FeedAsync(sessions.Find(id), name, context))
            .WithMetadata(SizeBound.Own)
            .DisableRequestTimeout();
        group.MapGet("{id:guid}", (Guid id, CancellationToken token) => SummarizeAsync(sessions.Find(id), token));
        group.MapGet("{id:guid}/mails", (Guid id, int after, int count, bool differing, CancellationToken token) =>
            ListAsync(sessions.Find(id), new PreviewQuery(after, count, differing, null), token));
        group.MapGet("{id:guid}/mails/{number:int}", (Guid id, int number, CancellationToken token) =>
            ExplainAsync(sessions.Find(id), number, token));
        group.MapDelete("{id:guid}", async (Guid id) =>
        {
            await sessions.CloseAsync(id);
            return Results.NoContent();
        });
    }

    private static async Task<IResult> OpenAsync(PageSessions sessions, PageRequest request, CancellationToken cancellationToken)
    {
        EmailAddress? mailbox = null;
        if (!string.IsNullOrWhiteSpace(request.Mailbox))
        {
            if (!EmailAddress.TryParse(request.Mailbox, out var parsed))
            {
                return Answers.Problem(
                    StatusCodes.Status400BadRequest, "No address", "The mailbox is no address. Give one such as ana@contoso.com, or none.");
            }

            mailbox = parsed;
        }

        var (id, session) = await sessions.OpenAsync(new PreviewRequest(mailbox, request.Queue), cancellationToken);
        try
        {
            // Said before the file is sent: a browser would go on sending.
            session.Preview.CheckSize(request.Size);
        }
        catch (PreviewException problem)
        {
            await sessions.CloseAsync(id);
            return TooLarge(problem);
        }

        var limits = session.Preview.Limits;
        return Answers.Json(new PageOpened(id, limits.BytesMax, limits.MailsMax, [.. PageModel.Filters]));
    }

    private static async Task<IResult> FeedAsync(PageSession? session, string? name, HttpContext context)
    {
        if (session is null)
        {
            return Gone();
        }

        try
        {
            session.Preview.CheckSize(context.Request.ContentLength ?? 0);
        }
        catch (PreviewException problem)
        {
            return TooLarge(problem);
        }

        var file = string.IsNullOrEmpty(name) || name.Length > NameLengthMax ? "file" : name;
        await session.FeedAsync(context.Request.Body, file, context.RequestAborted);
        return await SummarizeAsync(session, context.RequestAborted);
    }

    private static async Task<IResult> SummarizeAsync(PageSession? session, CancellationToken cancellationToken) => session is null
        ? Gone()
        : Answers.Json(PageModel.Of(await session.Preview.ReadSummaryAsync(cancellationToken), session));

    private static async Task<IResult> ListAsync(PageSession? session, PreviewQuery query, CancellationToken cancellationToken) =>
        session is null
            ? Gone()
            : Answers.Json((await session.Preview.ReadMailsAsync(query, cancellationToken)).Select(PageModel.Of));

    private static async Task<IResult> ExplainAsync(PageSession? session, int number, CancellationToken cancellationToken)
    {
        if (session is null)
        {
            return Gone();
        }

        var explanations = new List<PreviewExplanation>();
        foreach (var filter in Enum.GetValues<FilterMethod>().Order())
        {
            if (await session.Preview.ExplainAsync(number, filter, cancellationToken) is { } explanation)
            {
                explanations.Add(explanation);
            }
        }

        return explanations.Count == 0
            ? Answers.Problem(StatusCodes.Status404NotFound, "No such mail", "There is no mail of this number, or it is not decided yet.")
            : Answers.Json(new PageExplanation(PageModel.Of(explanations[0].Mail), [.. explanations.Select(PageModel.Of)]));
    }

    private static async ValueTask<object?> AnswerProblemsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (PreviewException problem)
        {
            return Answers.Problem(StatusCodes.Status422UnprocessableEntity, "The preview cannot go on", problem.Message);
        }
        catch (ClusterUnreachableException problem)
        {
            return Answers.Problem(StatusCodes.Status503ServiceUnavailable, "The cluster does not answer", problem.Message);
        }
        catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more.
            return Results.Empty;
        }
    }

    private static IResult TooLarge(PreviewException problem) =>
        Answers.Problem(StatusCodes.Status413PayloadTooLarge, "Too large", problem.Message);

    private static IResult Gone() => Answers.Problem(
        StatusCodes.Status404NotFound, "No such preview", "The preview was closed, or nobody asked it anything for too long. Begin again.");
}
