using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Client.Previewing;
using EmailTracking.Client.Readers;
using EmailTracking.Preview;
using EmailTracking.Queries;
using EmailTracking.Silo.Api.Delivering;
using EmailTracking.Silo.Api.Describing;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Mail;

/// <summary>What each filter would make of one mail, and why: the same preview as the command line's. Nothing is written.</summary>
internal static class PreviewEndpoint
{
    // Its name says that it is one message, whatever it begins with.
    private const string FileName = "message.eml";

    public static void Map(IEndpointRouteBuilder api) => api
        .MapPost("preview", PreviewAsync)
        .Describes<PreviewAnswer>(
            "preview-email",
            "Emails",
            "What each filter (0 to 4) would make of one raw message in the inbox of a mailbox (mailbox=…, queue=true), and why. Nothing is written.")
        .Needs(Privilege.ReadMail)
        .WithMetadata(new SizeBound(EmailTrackingClient.MessageBytesMax))
        .TakesRaw("message/rfc822", "application/octet-stream");

    private static async Task<IResult> PreviewAsync(
        string? mailbox, bool? queue, EmailTrackingClient client, HttpContext context, CancellationToken token)
    {
        if (DeliveryEndpoints.Unread(context.Request, "message/rfc822") is { } unread)
        {
            return unread;
        }

        EmailAddress? address = null;
        if (mailbox is not null)
        {
            if (!EmailAddress.TryParse(mailbox, out var parsed))
            {
                return ApiAnswers.Wrong($"'{mailbox}' is no mailbox address. Give one such as ana@contoso.com, or none.");
            }

            address = parsed;
        }

        try
        {
            await using var preview = await client.OpenPreviewAsync(new PreviewRequest(address, queue ?? false), token);
            var summary = await preview.FeedAsync(MailFiles.Read(context.Request.Body, FileName, cancellationToken: token), (_, _) => { }, token);
            return summary.Progress.Decided == 1
                ? Results.Json(await AnswerAsync(preview, summary, token))
                : ApiAnswers.Refused(summary.Problems.IsEmpty
                    ? "Send one raw message as the body of the request, as it came: curl --data-binary @message.eml"
                    : $"That is no mail. {summary.Problems[0].Advice}");
        }
        catch (PreviewException problem)
        {
            return ApiAnswers.Refused(problem.Message);
        }
    }

    private static async Task<PreviewAnswer> AnswerAsync(MailPreview preview, PreviewSummary summary, CancellationToken token)
    {
        var filters = ImmutableArray.CreateBuilder<PreviewedFilter>();
        var mail = (await preview.ReadMailsAsync(new PreviewQuery(0, 1, false, null), token))[0];
        foreach (var filter in Enum.GetValues<FilterMethod>().Order())
        {
            if (await preview.ExplainAsync(mail.Number, filter, token) is { } explanation)
            {
                filters.Add(PreviewedFilter.Of(explanation));
            }
        }

        return new PreviewAnswer(
            mail.MessageId,
            mail.Subject,
            mail.Sender?.Value,
            mail.SentOn,
            summary.Mailbox?.Value,
            summary.IsQueue,
            summary.Known > 0,
            filters.DrainToImmutable());
    }
}

/// <summary>What each filter would make of a mail.</summary>
/// <param name="MessageId">Its Message-ID without brackets; null when it has none.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Sender">Its sender; null when that cannot be read.</param>
/// <param name="SentOn">Its date; UTC; null when that cannot be read.</param>
/// <param name="Mailbox">The mailbox in whose inbox it is imagined.</param>
/// <param name="IsQueue">Whether that is a queue's.</param>
/// <param name="IsKnown">Whether it is tracked already: that is taken as it stands.</param>
/// <param name="Filters">What each filter makes of it, 0 to 4.</param>
internal sealed record PreviewAnswer(
    string? MessageId,
    string Subject,
    string? Sender,
    DateTimeOffset? SentOn,
    string? Mailbox,
    bool IsQueue,
    bool IsKnown,
    ImmutableArray<PreviewedFilter> Filters);

/// <summary>What one filter would make of a mail.</summary>
/// <param name="IncomingEmailFilteringMethod">The filter, 0 to 4.</param>
/// <param name="Name">The filter, as Dynamics names it.</param>
/// <param name="Outcome">tracked, skipped or waiting.</param>
/// <param name="ReasonCode">Why, by number.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Why">All of it, in sentences.</param>
/// <param name="ThreadCount">How many emails its conversation would have; 0 when it is in none.</param>
internal sealed record PreviewedFilter(
    FilterMethod IncomingEmailFilteringMethod,
    string Name,
    string Outcome,
    ReasonCode ReasonCode,
    string Reason,
    ImmutableArray<string> Why,
    int ThreadCount)
{
    public static PreviewedFilter Of(PreviewExplanation explanation)
    {
        var verdict = explanation.Mail.Verdicts[(int)explanation.Filter];
        return new PreviewedFilter(
            explanation.Filter,
            TraceWords.Of(explanation.Filter),
            AccessCheck.Word(verdict.Outcome),
            verdict.Reason,
            TraceWords.Of(verdict.Reason),
            explanation.Sentences,
            explanation.ThreadCount);
    }
}
