using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Silo.Web;

/// <summary>Answers every error as a problem (RFC 9457) that says what to do next.</summary>
internal sealed partial class ProblemAnswers(RequestDelegate next, ILogger<ProblemAnswers> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more.
            return;
        }
        catch (Exception problem) when (!context.Response.HasStarted)
        {
            await OfException(context, problem).ExecuteAsync(context);
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentType: null } refused)
        {
            await OfStatus(refused.StatusCode).ExecuteAsync(context);
        }
    }

    private IResult OfException(HttpContext context, Exception problem)
    {
        switch (problem)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return OfStatus(StatusCodes.Status413PayloadTooLarge);
            case BadHttpRequestException bad:
                return Answers.Problem(bad.StatusCode, "Not understood", $"{bad.InnerException?.Message ?? bad.Message} The document at /api/openapi.json says what is taken.");
        }

        if (Refusal.Of(problem) is not { } refusal)
        {
            LogFailed(problem, context.TraceIdentifier);
            refusal = Refusal.Failed(context.TraceIdentifier);
        }

        // What may go well in a moment.
        if (refusal.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout)
        {
            context.Response.Headers.RetryAfter = "5";
        }

        return Answers.Problem(refusal.Status, refusal.Title, refusal.Detail);
    }

    private static IResult OfStatus(int status) => status switch
    {
        StatusCodes.Status405MethodNotAllowed => Answers.Problem(status, "Not done here", "There is something of that name, but it does not take this method. See /api/openapi.json."),
        StatusCodes.Status413PayloadTooLarge => Answers.Problem(status, "Too large", "The request is larger than is taken here. Send less at once; docs/options.md has the bounds."),
        StatusCodes.Status415UnsupportedMediaType => Answers.Problem(status, "Not read here", "It takes another content type. See /api/openapi.json."),
        StatusCodes.Status429TooManyRequests => Answers.Problem(status, "Too many requests", "Wait as long as the header Retry-After says, then send it again."),
        _ => Answers.Problem(status, "Not understood", "There is nothing here of that name, or it is asked in another way."),
    };

    [LoggerMessage(3101, LogLevel.Error, "A request failed: {Trace}")]
    private partial void LogFailed(Exception problem, string trace);
}
