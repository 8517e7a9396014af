using EmailTracking.Connectors;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Waits until the server says that something changed (RFC 2177 IDLE, RFC 5465 NOTIFY).</summary>
internal static class MailWaiter
{
    // Shorter than what firewalls forget connections after, and than the 29 minutes of RFC 2177.
    private static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(9);

    /// <summary>Waits.</summary>
    /// <param name="line">The line.</param>
    /// <param name="watch">What the server tells of folders that are not open.</param>
    /// <param name="folders">The folders; the first is opened.</param>
    /// <param name="waitMax">The longest wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait; the line stays in order.</param>
    /// <returns>Those that changed, and those not watched; none when nothing was told.</returns>
    internal static async Task<IReadOnlyList<ServerFolder>> WaitAsync(
        ImapLine line,
        FolderWatch watch,
        IReadOnlyList<ServerFolder> folders,
        TimeSpan waitMax,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!line.Abilities.Pushes || waitMax <= TimeSpan.Zero || folders.Count == 0)
        {
            return [];
        }

        var begun = time.GetTimestamp();
        var hasNews = await line.HasNewsAsync(folders[0], cancellationToken);
        try
        {
            var watched = await watch.BeginAsync(line, [.. folders.Skip(1)]);
            while (true)
            {
                if (watch.HasOverflowed)
                {
                    // What it is silent of can be anything: the next question has a connection of its own.
                    watch.Refuse("it had too many changes to tell");
                    line.HangUp();
                }

                if (!line.IsOpen(folders[0]))
                {
                    return folders;
                }

                hasNews |= line.HasNews;
                var news = watch.TakeNews();
                if (hasNews || news.Count > 0)
                {
                    return [.. folders.Where((folder, i) => i == 0 ? hasNews : news.Contains(folder) || !watched.Contains(folder))];
                }

                var left = waitMax - time.GetElapsedTime(begun);
                if (left <= TimeSpan.Zero || cancellationToken.IsCancellationRequested)
                {
                    return [];
                }

                try
                {
                    await IdleAsync(line, left < IdleMax ? left : IdleMax, time, cancellationToken);
                }
                catch (MailServerException broken) when (broken.Kind == ServerProblemKind.Protocol && watched.Count > 0)
                {
                    // It may be what it tells of the other folders, or how much: as if it had refused.
                    watch.Refuse(broken.Message);
                    return folders;
                }
            }
        }
        finally
        {
            watch.End();
        }
    }

    private static async Task IdleAsync(ImapLine line, TimeSpan waitMax, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(waitMax, time);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        line.OnNews = () => _ = done.CancelAsync();
        try
        {
            await line.AskAsync(
                0,
                async client =>
                {
                    line.Wait();

                    // Registered first, told last: the server must answer once it is told that the wait is over.
                    using var over = done.Token.Register(line.EndWait);
                    await client.IdleAsync(done.Token, CancellationToken.None);
                    return true;
                },
                CancellationToken.None);
        }
        finally
        {
            line.OnNews = null;
        }
    }
}
