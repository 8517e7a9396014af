using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Client.Comparing;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Queries;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Mailboxes;

/// <summary>What a mailbox's server has against what was decided: the audit, and back-filling of old mail. Both tell how far they are.</summary>
internal static class ComparisonEndpoints
{
    private const string Tag = "Mailboxes";

    public static void Map(IEndpointRouteBuilder api)
    {
        var mailbox = api.MapGroup(MailboxEndpoints.One);
        mailbox.MapPost("audit", AuditAsync)
            .Describes<ComparisonAnswer>(
                "audit-mailbox",
                Tag,
                "Compares what the server has with what was decided, and with repair has decided what is missing. Answers server-sent events: " +
                "progress, then done with the figures, or problem.")
            .NeedsForMailbox(Privilege.RunMailboxes, isChange: true)
            .DisableRequestTimeout();
        mailbox.MapPost("backfill", BackfillAsync)
            .Describes<ComparisonAnswer>(
                "backfill-mailbox",
                Tag,
                "Has mail decided that the mailbox had before its start. Whoever breaks it off asks again: it goes on. Answers server-sent " +
                "events: progress, then done with the figures, or problem.")
            .NeedsForMailbox(Privilege.RunMailboxes, isChange: true)
            .DisableRequestTimeout();
    }

    private static Task<IResult> AuditAsync(EmailAddress address, AuditBody body, EmailTrackingClient client, CancellationToken token) => CompareAsync(
        address,
        body.Since,
        client,
        (filler, since, told) => body.Repair == true ? filler.RepairAsync(since, told, token) : filler.CompareAsync(since, token),
        token);

    private static Task<IResult> BackfillAsync(EmailAddress address, BackfillBody body, EmailTrackingClient client, CancellationToken token) => CompareAsync(
        address,
        body.Since,
        client,
        (filler, since, told) => filler.FillAsync(since, isBackfill: body.MakesRecords != true, told, token),
        token);

    private static async Task<IResult> CompareAsync(
        EmailAddress address,
        DateOnly? since,
        EmailTrackingClient client,
        Func<MailboxFiller, DateOnly, Action<int>, Task<Filled>> work,
        CancellationToken token)
    {
        if (since is not { } day)
        {
            return ApiAnswers.Wrong("Say from which day on, by when the server received mail: {\"since\": \"2026-01-31\"}.");
        }

        // What cannot be done at all is said as any other problem, before anything is told of progress.
        var filler = new MailboxFiller(client, address);
        var start = await filler.CompareAsync(day, token);
        return TypedResults.ServerSentEvents(TellAsync(start.Last.Missing, told => work(filler, day, told), token));
    }

    private static async IAsyncEnumerable<SseItem<object>> TellAsync(
        int missing, Func<Action<int>, Task<Filled>> work, [EnumeratorCancellation] CancellationToken token)
    {
        // Only how far it is now matters to whoever reads slowly.
        var steps = Channel.CreateBounded<int>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        yield return new SseItem<object>(new ComparisonProgress(missing), "progress");
        var done = EndAsync(work(left => steps.Writer.TryWrite(left)), steps.Writer);
        await foreach (var left in steps.Reader.ReadAllAsync(token))
        {
            yield return new SseItem<object>(new ComparisonProgress(left), "progress");
        }

        yield return await done;
    }

    private static async Task<SseItem<object>> EndAsync(Task<Filled> work, ChannelWriter<int> steps)
    {
        try
        {
            return new SseItem<object>(ComparisonAnswer.Of(await work), "done");
        }
        catch (MailServerException problem)
        {
            return new SseItem<object>(new ComparisonProblem($"{problem.Message} {problem.NextStep}"), "problem");
        }
        catch (ClusterUnreachableException problem)
        {
            return new SseItem<object>(new ComparisonProblem($"{problem.Message} Ask again: it goes on."), "problem");
        }
        finally
        {
            steps.Complete();
        }
    }
}

/// <summary>What an audit is of.</summary>
/// <param name="Since">Mail that the server received on this day (UTC) or later.</param>
/// <param name="Repair">Whether to have decided what is missing.</param>
internal sealed record AuditBody(DateOnly? Since, bool? Repair);

/// <summary>What is brought in.</summary>
/// <param name="Since">Mail that the server received on this day (UTC) or later.</param>
/// <param name="MakesRecords">Whether it counts as mail that arrives now, which may make records of its senders; old mail makes none.</param>
internal sealed record BackfillBody(DateOnly? Since, bool? MakesRecords);

/// <summary>How far it is.</summary>
/// <param name="Missing">How many messages of the server are not decided yet.</param>
internal sealed record ComparisonProgress(int Missing);

/// <summary>Why it does not go on.</summary>
/// <param name="Detail">What happened, and what to do.</param>
internal sealed record ComparisonProblem(string Detail);

/// <summary>What the server has, against what was decided.</summary>
/// <param name="Missing">How many messages are not decided: dead letters say why.</param>
/// <param name="DecidedNow">How many were decided meanwhile.</param>
/// <param name="Folders">By folder.</param>
internal sealed record ComparisonAnswer(int Missing, int DecidedNow, ImmutableArray<ComparedFolder> Folders)
{
    public static ComparisonAnswer Of(Filled filled) => new(
        filled.Last.Missing,
        filled.DecidedNow.Values.Sum(),
        [.. filled.Last.Folders.Select(folder => ComparedFolder.Of(folder, filled.DecidedNow.GetValueOrDefault(folder.Folder)))]);
}

/// <summary>What one folder has, against what was decided.</summary>
/// <param name="FolderName">Its name.</param>
/// <param name="Observed">How many messages the server has.</param>
/// <param name="Decided">Of how many of them something was decided.</param>
/// <param name="Tracked">How many of them are tracked now.</param>
/// <param name="DecidedNow">How many were decided meanwhile.</param>
/// <param name="NotTracked">Why the others are not, most first.</param>
internal sealed record ComparedFolder(
    string FolderName, int Observed, int Decided, int Tracked, int DecidedNow, ImmutableArray<NotTrackedCount> NotTracked)
{
    public static ComparedFolder Of(FolderComparison folder, int decidedNow) => new(
        folder.Folder,
        folder.Observed,
        folder.Decided,
        folder.Tracked,
        decidedNow,
        [.. folder.NotTracked.OrderByDescending(one => one.Value).ThenBy(one => one.Key).Select(one => new NotTrackedCount(one.Key, TraceWords.Of(one.Key), one.Value))]);
}

/// <summary>How many messages are not tracked for one reason.</summary>
internal sealed record NotTrackedCount(ReasonCode ReasonCode, string Reason, int Count);
