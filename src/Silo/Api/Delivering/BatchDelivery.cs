using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using EmailTracking.Client;
using EmailTracking.Client.Importing;
using EmailTracking.Client.Readers;
using EmailTracking.Intake;
using EmailTracking.Queries;
using EmailTracking.Silo.Api.Mailboxes;
using EmailTracking.Silo.Web;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Api.Delivering;

/// <summary>Delivers the messages of an mbox while it comes in, some at once.</summary>
internal static class BatchDelivery
{
    private const string Name = "mbox";
    private const int AtOnceMax = 16;

    public static async Task<IResult> DeliverAsync(
        EmailAddress address,
        string? folder,
        bool? isBackfill,
        EmailTrackingClient client,
        UploadRoom room,
        HttpContext context,
        CancellationToken token)
    {
        if (DeliveryEndpoints.Unread(context.Request, "application/mbox") is { } unread)
        {
            return unread;
        }

        // What unpacks to a thousand times its size would pass the bound of a request.
        if (await IsPackedAsync(context.Request.BodyReader, token))
        {
            return Answers.Problem(StatusCodes.Status415UnsupportedMediaType, "Not read here", "The file is compressed. Send what is in it.");
        }

        if (await MailboxEndpoints.FindAsync(client, address, token) is null)
        {
            return MailboxEndpoints.Missing(address);
        }

        var tally = new ImportTally();
        var operation = DeliveryEndpoints.Operation(context.Request);
        var mails = MailFiles.Read(context.Request.BodyReader.AsStream(), Name, cancellationToken: token);
        await Parallel.ForEachAsync(
            mails,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = token },
            async (mail, inner) =>
            {
                tally.See();
                var named = operation is null ? null : FormattableString.Invariant($"{operation}/{mail.Source.Ordinal}");
                var delivery = DeliveryEndpoints.Of(address, folder, named, receivedOn: null, isBackfill ?? true);
                using var entered = await room.EnterAsync(mail.Content.Length, inner);
                await TakeAsync(client, delivery, mail, tally, inner);
            });
        return Results.Json(BatchAnswer.Of(tally));
    }

    private static async Task TakeAsync(
        EmailTrackingClient client, Delivery delivery, MailItem mail, ImportTally tally, CancellationToken token)
    {
        var source = mail.Source.ToString();
        var isCut = mail.Problem?.Kind == MailProblemKind.Truncated && mail.Content.Length > 0;
        if (mail.Problem is { } problem && !isCut)
        {
            tally.Fail(source, problem.Advice);
            return;
        }

        try
        {
            tally.Add(await client.DeliverAsync(delivery, mail.Content, token), source);
            if (isCut)
            {
                tally.Note(new ImportProblem(source, $"Delivered as far as it goes. {mail.Problem!.Advice}", IsFailure: false));
            }
        }
        catch (DeliveryException refused)
        {
            // Whatever is wrong with this one must not stop those behind it.
            tally.Fail(source, refused.Message);
        }
    }

    private static async Task<bool> IsPackedAsync(PipeReader body, CancellationToken token)
    {
        var read = await body.ReadAtLeastAsync(2, token);
        var isPacked = read.Buffer.Length >= 2 && read.Buffer.Slice(0, 2).ToArray() is [0x1F, 0x8B];
        body.AdvanceTo(read.Buffer.Start);
        return isPacked;
    }
}

/// <summary>What a file of messages came to.</summary>
/// <param name="Seen">How many messages it had.</param>
/// <param name="Tracked">How many became activities.</param>
/// <param name="AlreadyTracked">How many were activities already.</param>
/// <param name="Waiting">How many wait until what they answer is tracked.</param>
/// <param name="Deferred">How many are decided soon.</param>
/// <param name="Failed">How many could not be decided.</param>
/// <param name="NotTracked">Why others are not tracked, most first.</param>
/// <param name="Problems">What somebody should look at, at most 1,000.</param>
internal sealed record BatchAnswer(
    long Seen,
    long Tracked,
    long AlreadyTracked,
    long Waiting,
    long Deferred,
    long Failed,
    ImmutableArray<BatchReason> NotTracked,
    ImmutableArray<BatchProblem> Problems)
{
    public static BatchAnswer Of(ImportTally tally)
    {
        var counts = tally.Counts;
        return new BatchAnswer(
            counts.Seen,
            counts.Tracked,
            counts.AlreadyTracked,
            counts.Waiting,
            counts.Deferred,
            counts.Failed,
            [.. counts.Skipped.OrderByDescending(one => one.Value).ThenBy(one => one.Key).Select(one => new BatchReason(one.Key, TraceWords.Of(one.Key), one.Value))],
            [.. tally.Problems.Select(problem => new BatchProblem(problem.Source, problem.Advice, problem.IsFailure))]);
    }
}

/// <summary>How many messages are not tracked for one reason.</summary>
internal sealed record BatchReason(ReasonCode ReasonCode, string Reason, long Count);

/// <summary>A message that somebody should look at.</summary>
/// <param name="Source">Where it stands: mbox#3 is the third message.</param>
/// <param name="Detail">What was found, and what to do.</param>
/// <param name="IsFailure">Whether it was not decided.</param>
internal sealed record BatchProblem(string Source, string Detail, bool IsFailure);
