using EmailTracking.Connectors;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Waits until the server says that something changed (RFC 2177 IDLE).</summary>
internal static class MailWaiter
{
    // Shorter than what firewalls forget connections after, and than the 29 minutes of RFC 2177.
    private static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(9);

    /// <summary>Waits.</summary>
    /// <param name="line">The line.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="waitMax">The longest wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait; the line stays in order.</param>
    internal static async Task<bool> WaitAsync(
        ImapLine line, ServerFolder folder, TimeSpan waitMax, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!line.Abilities.Pushes || waitMax <= TimeSpan.Zero)
        {
            return false;
        }

        var begun = time.GetTimestamp();
        var hasNews = await line.HasNewsAsync(folder, cancellationToken);
        while (!hasNews && !cancellationToken.IsCancellationRequested)
        {
            var left = waitMax - time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            hasNews = await IdleAsync(line, left < IdleMax ? left : IdleMax, time, cancellationToken);
        }

        return hasNews;
    }

    private static async Task<bool> IdleAsync(ImapLine line, TimeSpan waitMax, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(waitMax, time);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        line.OnNews = () => _ = done.CancelAsync();
        try
        {
            return await line.AskAsync(
                0,
                async client =>
                {
                    line.Wait();

                    // Registered first, told last: the server must answer once it is told that the wait is over.
                    using var over = done.Token.Register(line.EndWait);
                    await client.IdleAsync(done.Token, CancellationToken.None);
                    return line.HasNews;
                },
                CancellationToken.None);
        }
        finally
        {
            line.OnNews = null;
        }
    }
}
