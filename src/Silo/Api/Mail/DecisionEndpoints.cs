using System.Diagnostics.CodeAnalysis;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Queries;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Mail;

/// <summary>The ledger: what was decided of every copy, tracked or not.</summary>
internal static class DecisionEndpoints
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("decisions", ListAsync)
        .Describes<ListAnswer<LedgerAnswer>>(
            "list-decisions", "Mail",
            "What was decided of the mail in one's own mailboxes, tracked or not, the latest received first. Follow nextlink: pages hold while " +
            "mail arrives, and those of a rare reason may be short or empty.")
        .NeedsForChosen(Privilege.ReadMail);

    private static async Task<IResult> ListAsync(
        [AsParameters] DecisionListQuery query, EmailTrackingClient client, HttpContext context, CancellationToken token)
    {
        if (!query.TryRead(out var asked, out var problem))
        {
            return ApiAnswers.Wrong(problem);
        }

        var page = await client.ReadLedgerAsync(Visitor.Of(context).Principal, asked, token);
        return ApiAnswers.List(page.Rows.Select(LedgerAnswer.Of), ApiAnswers.Next(context.Request, page.Next is { } next ? DecisionCursor.Write(next) : null));
    }
}

/// <summary>What may be asked of the ledger; every condition that is given must hold.</summary>
internal sealed class DecisionListQuery
{
    private const int TopStandard = 50;

    /// <summary>tracked or untracked.</summary>
    [FromQuery(Name = "outcome")]
    public string? Outcome { get; init; }

    /// <summary>The name of a reason, as decisions have it; repeated: one of them.</summary>
    [FromQuery(Name = "reason")]
    public string[]? Reason { get; init; }

    /// <summary>Seen in this mailbox.</summary>
    [FromQuery(Name = "mailbox")]
    public string? Mailbox { get; init; }

    /// <summary>Received on or after.</summary>
    [FromQuery(Name = "from")]
    public DateTimeOffset? From { get; init; }

    /// <summary>Received before.</summary>
    [FromQuery(Name = "until")]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Where the page before ended: <c>nextlink</c> has it.</summary>
    [FromQuery(Name = "before")]
    public string? Before { get; init; }

    /// <summary>How many at most.</summary>
    [FromQuery(Name = "top")]
    public int? Top { get; init; }

    /// <summary>Reads the conditions.</summary>
    /// <param name="query">They.</param>
    /// <param name="problem">What is wrong with them, and what to do.</param>
    public bool TryRead([NotNullWhen(true)] out LedgerQuery? query, [NotNullWhen(false)] out string? problem)
    {
        (query, problem) = (null, null);
        EmailAddress mailbox = default;
        LedgerMark? before = null;
        var reasons = (Reason ?? []).Select(name => Enum.TryParse<ReasonCode>(name, ignoreCase: true, out var reason) && Enum.IsDefined(reason) ? reason : (ReasonCode?)null).ToList();
        if (Outcome is not (null or "tracked" or "untracked"))
        {
            problem = "outcome is tracked or untracked; reason says why.";
        }
        else if (reasons.Contains(null))
        {
            problem = $"reason is one of: {string.Join(", ", Enum.GetNames<ReasonCode>())}.";
        }
        else if (Mailbox is not null && !EmailAddress.TryParse(Mailbox, out mailbox))
        {
            problem = "mailbox is the address of a mailbox.";
        }
        else if (Before is not null && !DecisionCursor.TryRead(Before, out before))
        {
            problem = "before is where a page ended. Follow nextlink as it is.";
        }
        else if (Top is < 1 or > LedgerQuery.PageMax)
        {
            problem = $"top is 1 to {LedgerQuery.PageMax}.";
        }
        else
        {
            query = new LedgerQuery
            {
                Mailboxes = Mailbox is null ? null : [mailbox],
                IsTracked = Outcome is null ? null : Outcome == "tracked",
                Reasons = [.. reasons.OfType<ReasonCode>()],
                From = From,
                Until = Until,
                Before = before,
                CountMax = Top ?? TopStandard,
            };
        }

        return problem is null;
    }
}

/// <summary>What was decided of a copy.</summary>
/// <param name="Key">What its email is known by: <c>decisions/KEY</c> explains it.</param>
/// <param name="ActivityId">activityid; null when the email was never tracked.</param>
/// <param name="Mailbox">The address of the mailbox.</param>
/// <param name="Folder">The folder where it lay.</param>
/// <param name="Outcome">tracked, skipped, ...</param>
/// <param name="Reason">Why, as a name.</param>
/// <param name="Why">Why, in words.</param>
/// <param name="SettingsVersion">The version of the settings that were in force.</param>
/// <param name="ReceivedOn">When it was received there; UTC.</param>
/// <param name="DecidedOn">When it was last decided; UTC.</param>
/// <param name="IsBackfill">Whether it was read as old mail.</param>
internal sealed record LedgerAnswer(
    string Key,
    Guid? ActivityId,
    string Mailbox,
    string Folder,
    string Outcome,
    string Reason,
    string Why,
    long SettingsVersion,
    DateTimeOffset ReceivedOn,
    DateTimeOffset DecidedOn,
    bool IsBackfill)
{
    public static LedgerAnswer Of(LedgerRow row) => new(
        row.Email.ToString(),
        row.ActivityId,
        row.Place.Mailbox.Value,
        row.Place.Folder,
        row.Outcome.ToString(),
        row.Reason.ToString(),
        TraceWords.Of(row.Reason),
        row.SettingsVersion,
        row.ReceivedOn,
        row.DecidedOn,
        row.IsBackfill);
}
