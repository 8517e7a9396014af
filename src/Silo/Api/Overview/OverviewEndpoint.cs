using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Overview;

/// <summary>How it goes, in figures.</summary>
internal static class OverviewEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api
        .MapGet("overview", async (OverviewReader reader, HttpContext context, CancellationToken token) =>
            Results.Json(await reader.ReadAsync(Visitor.Of(context), token)))
        .Describes<OverviewAnswer>(
            "read-overview", "Overview", "Of the last 24 hours: copies by outcome, and how long it took to track them; mailboxes by health; for operators and administrators what waits. Of the mailboxes that one may see.")
        .NeedsForChosen(Privilege.ReadMailboxes);
}

/// <summary>How it goes, in figures.</summary>
/// <param name="From">Of copies that were received on or after; UTC.</param>
/// <param name="Until">Of copies that were received before; UTC.</param>
/// <param name="IsWhole">Whether all copies are counted; false: there are more.</param>
/// <param name="Hours">The hours from the first to the last.</param>
/// <param name="TimeToTrack">How long it took in all of them; null when nothing was tracked that is not old mail.</param>
/// <param name="Mailboxes">The mailboxes by health.</param>
/// <param name="Backlog">What waits; null for those who see only their own mailboxes.</param>
internal sealed record OverviewAnswer(
    DateTimeOffset From,
    DateTimeOffset Until,
    bool IsWhole,
    ImmutableArray<HourAnswer> Hours,
    DelayAnswer? TimeToTrack,
    MailboxHealthAnswer Mailboxes,
    BacklogAnswer? Backlog);

/// <summary>The copies that were received in an hour, by what was decided; what people did later does not count.</summary>
/// <param name="Hour">When it begins; UTC.</param>
/// <param name="Tracked">Reasons for their emails to be tracked.</param>
/// <param name="Skipped">Not wanted.</param>
/// <param name="Waiting">Waiting for the mail that they answer to be tracked.</param>
/// <param name="Failed">Not decided.</param>
/// <param name="TimeToTrack">How long it took; null when nothing was tracked that is not old mail.</param>
internal sealed record HourAnswer(DateTimeOffset Hour, long Tracked, long Skipped, long Waiting, long Failed, DelayAnswer? TimeToTrack);

/// <summary>From when copies were received until it was decided that they are tracked; seconds, to a tenth.</summary>
/// <param name="Median">Half of them took no longer.</param>
/// <param name="P95">95 of 100 took no longer.</param>
internal sealed record DelayAnswer(double Median, double P95);

/// <summary>How many mailboxes.</summary>
/// <param name="Healthy">Are read.</param>
/// <param name="Retrying">Failed, and are tried again by themselves.</param>
/// <param name="Stopped">Need somebody to change something.</param>
/// <param name="NotRun">Were never read.</param>
/// <param name="NotConnected">Are read from no server: their mail is brought.</param>
internal sealed record MailboxHealthAnswer(int Healthy, int Retrying, int Stopped, int NotRun, int NotConnected);

/// <summary>What waits, counted up to 10,000.</summary>
/// <param name="Waiting">Copies that wait to be decided again.</param>
/// <param name="NextDueOn">When the first of them is due; UTC.</param>
/// <param name="DeadLetters">Messages that could not be decided, and wait for somebody.</param>
internal sealed record BacklogAnswer(long Waiting, DateTimeOffset? NextDueOn, long DeadLetters);
