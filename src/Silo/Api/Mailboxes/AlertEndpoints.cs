using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Mailboxes;

/// <summary>What people should know of.</summary>
internal static class AlertEndpoints
{
    private const int CountStandard = 100;

    // What ends the subject of every alert that is about a mailbox.
    private const string OfMailbox = "mailbox ";

    public static void Map(IEndpointRouteBuilder api) => api
        .MapGet("alerts", ListAsync)
        .Describes<ListAnswer<AlertAnswer>>(
            "list-alerts", "Mailboxes", "What people should know of and what to do: what stands first, then the latest. With all=true also what is over.")
        .NeedsForChosen(Privilege.ReadMailboxes);

    /// <summary>The mailbox that an alert is about; null when it is about something else.</summary>
    public static EmailAddress? MailboxOf(Alert alert)
    {
        var start = alert.Subject.LastIndexOf(OfMailbox, StringComparison.Ordinal);
        return start >= 0 && EmailAddress.TryParse(alert.Subject[(start + OfMailbox.Length)..], out var address) ? address : null;
    }

    private static async Task<IResult> ListAsync(
        bool? all, int? count, EmailTrackingClient client, Owners owners, HttpContext context, CancellationToken token)
    {
        if (Bounds.Read(count, CountStandard, IServersGrain.AlertsMax, out var asked) is { } wrong)
        {
            return wrong;
        }

        var visitor = Visitor.Of(context);
        var isOwn = visitor.Reach != Reach.All;
        var alerts = await client.ReadAlertsAsync(onlyStanding: all != true, isOwn ? IServersGrain.AlertsMax : asked, token);
        if (!isOwn)
        {
            return ApiAnswers.List(alerts.Select(AlertAnswer.Of));
        }

        var own = (await owners.SeenAsync(visitor, token)).Select(mailbox => mailbox.Address).ToHashSet();
        return ApiAnswers.List(alerts.Where(alert => MailboxOf(alert) is { } mailbox && own.Contains(mailbox)).Take(asked).Select(AlertAnswer.Of));
    }
}

/// <summary>Something that people should know of (Dataverse table <c>tracelog</c>).</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Mailbox">The mailbox that it is about; null when it is about something else.</param>
/// <param name="TraceLogLevel">1 information, 2 warning, 3 error.</param>
/// <param name="Cause">What happened.</param>
/// <param name="NextStep">What to do.</param>
/// <param name="CreatedOn">When; UTC.</param>
/// <param name="ClearedOn">When it was over; UTC; null while it stands.</param>
internal sealed record AlertAnswer(
    string Subject, string? Mailbox, AlertLevel TraceLogLevel, string Cause, string NextStep, DateTimeOffset CreatedOn, DateTimeOffset? ClearedOn)
{
    public static AlertAnswer Of(Alert alert) => new(
        alert.Subject, AlertEndpoints.MailboxOf(alert)?.Value, alert.Level, alert.Cause, alert.NextStep, alert.RaisedOn, alert.ClearedOn);
}
