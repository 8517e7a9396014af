using EmailTracking.Client.Readers;
using EmailTracking.Intake;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client.Importing;

/// <summary>Delivers the mail of files into one mailbox, many at a time, and goes on where it was interrupted.</summary>
internal sealed class Importer(EmailTrackingClient client, ImportRequest request, TimeProvider time)
{
    private const long InFlightBytesMax = 256 * 1024 * 1024;

    // What is under way when a person stops the import may still be answered for.
    private static readonly TimeSpan GraceMax = TimeSpan.FromSeconds(5);

    private readonly DeferredMails _deferred = new(time);
    private readonly List<string> _resumed = [];
    private ClusterUnreachableException? _failure;

    public ImportTally Tally { get; } = new();

    /// <summary>Imports all paths.</summary>
    /// <param name="stop">Stops reading; the position is remembered.</param>
    /// <exception cref="ClusterUnreachableException">The cluster did not answer before the first mail.</exception>
    public async Task<ImportResult> RunAsync(CancellationToken stop)
    {
        var mailbox = new MailboxFacts(request.Mailbox, null, request.IsQueue, request.Filter ?? FilterMethod.All, []);
        var ensured = await client.EnsureMailboxAsync(mailbox, stop);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var delivering = new CancellationTokenSource();
        using var grace = stop.Register(() => delivering.CancelAfter(GraceMax));
        foreach (var path in request.Paths.TakeWhile(_ => !reading.IsCancellationRequested))
        {
            await ImportAsync(path, reading, delivering);
        }

        if (!reading.IsCancellationRequested)
        {
            await SettleAsync(stop);
        }

        return new ImportResult(
            Tally.Counts,
            Tally.Problems,
            ensured.Mailbox,
            ensured.IsCreated,
            [.. _resumed],
            stop.IsCancellationRequested,
            _failure);
    }

    private async Task ImportAsync(string path, CancellationTokenSource reading, CancellationTokenSource delivering)
    {
        var import = ImportName.Of(path, request.Mailbox, request.Folder);
        MailSource? start = null;
        try
        {
            start = await StartAsync(path, import, reading.Token);
        }
        catch (Exception problem) when (Ends(problem, reading))
        {
            return;
        }

        var pass = new Pass(
            new ImportCursor(start),
            new InFlight(request.InFlightMax, InFlightBytesMax),
            Directory.Exists(path) ? Path.TrimEndingDirectorySeparator(path) + "/" : "");
        var keeper = new PositionKeeper(client, import, pass.Cursor, time);
        using var keeping = new CancellationTokenSource();
        var kept = KeepAsync(keeper, reading, keeping.Token);
        try
        {
            await foreach (var item in MailFiles.Read(path, new MailFilesOptions { ResumeAfter = start }, reading.Token))
            {
                await pass.InFlight.EnterAsync(item.Content.Length, reading.Token);
                Tally.See();

                // Its end is waited for by DrainAsync; it does not throw.
                _ = DeliverAsync(pass, item, pass.Cursor.Begin(item.Source), reading, delivering);
            }
        }
        catch (Exception problem) when (Ends(problem, reading))
        {
            // What is under way is waited for, then the position is remembered.
        }

        await pass.InFlight.DrainAsync();
        await keeping.CancelAsync();
        await kept;
        await EndAsync(import, keeper, reading);
    }

    private async Task EndAsync(string import, PositionKeeper keeper, CancellationTokenSource reading)
    {
        try
        {
            if (!reading.IsCancellationRequested)
            {
                await client.SaveImportPositionAsync(import, null, reading.Token);
                return;
            }
        }
        catch (Exception problem) when (Ends(problem, reading))
        {
            // Then the last position stands, and is gone on from.
        }

        await keeper.TrySaveLastAsync();
    }

    private async Task<MailSource?> StartAsync(string path, string import, CancellationToken cancellationToken)
    {
        if (request.Restarts || await client.ReadImportPositionAsync(import, cancellationToken) is not { } position)
        {
            return null;
        }

        var start = new MailSource(position.Path, position.Ordinal, position.Offset);
        _resumed.Add(Directory.Exists(path) ? $"{path}: behind {start}" : $"{path}: behind message {start.Ordinal}");
        return start;
    }

    private async Task KeepAsync(PositionKeeper keeper, CancellationTokenSource reading, CancellationToken stop)
    {
        try
        {
            await keeper.RunAsync(stop);
        }
        catch (ClusterUnreachableException problem)
        {
            Fail(problem, reading);
        }
    }

    private async Task DeliverAsync(
        Pass pass, MailItem item, ImportCursor.Step step, CancellationTokenSource reading, CancellationTokenSource delivering)
    {
        var source = pass.Prefix + item.Source;
        try
        {
            await DeliverAsync(item, source, delivering.Token);
            pass.Cursor.Finish(step);
        }
        catch (ClusterUnreachableException problem)
        {
            Fail(problem, reading);
            await delivering.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // Not answered for: the position stays before it.
        }
        catch (Exception problem)
        {
            // Whatever is wrong with this one must not stop those behind it.
            Tally.Fail(source, $"{problem.Message} It stays in its file.");
            pass.Cursor.Finish(step);
        }
        finally
        {
            pass.InFlight.Leave(item.Content.Length);
        }
    }

    private async Task DeliverAsync(MailItem item, string source, CancellationToken cancellationToken)
    {
        var isCut = item.Problem?.Kind == MailProblemKind.Truncated && item.Content.Length > 0;
        if (item.Problem is { } problem && !isCut)
        {
            Tally.Fail(source, problem.Advice);
            return;
        }

        var answer = await DeliverAsync(item.Content, cancellationToken);
        Tally.Add(answer, source);
        if (isCut)
        {
            Tally.Note(new ImportProblem(source, $"Delivered as far as it goes. {item.Problem!.Advice}", IsFailure: false));
        }

        if (answer.Outcome == Outcome.Deferred)
        {
            _deferred.Add(source, item.Content);
        }
    }

    // No operation id: what is imported is known by its bytes, so that another file with the same mail changes nothing.
    private Task<DeliveryAnswer> DeliverAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        client.DeliverAsync(new Delivery(request.Mailbox.Value, request.Folder, null, null) { IsBackfill = true }, content, cancellationToken);

    private async Task SettleAsync(CancellationToken stop)
    {
        try
        {
            await _deferred.SettleAsync(DeliverAsync, Tally, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is left is counted as deferred.
        }
        catch (ClusterUnreachableException problem)
        {
            _failure = problem;
        }
    }

    private void Fail(ClusterUnreachableException problem, CancellationTokenSource reading)
    {
        Interlocked.CompareExchange(ref _failure, problem, null);
        reading.Cancel();
    }

    private bool Ends(Exception problem, CancellationTokenSource reading)
    {
        if (problem is ClusterUnreachableException unreachable)
        {
            Fail(unreachable, reading);
            return true;
        }

        return problem is OperationCanceledException && reading.IsCancellationRequested;
    }
    /// <summary>One path that is being read.</summary>
    private sealed record Pass(ImportCursor Cursor, InFlight InFlight, string Prefix);
}
