using EmailTracking.Connectors;
using MailKit;
using MailKit.Net.Imap;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Folders that are not open, of which the server tells while they are waited for (RFC 5465 NOTIFY).</summary>
/// <remarks>
/// What is told is the state of a folder, and news is what differs from when it was last read: so nothing is missed between a read and a
/// wait, and what the server says again is no news.
/// </remarks>
internal sealed class FolderWatch(TimeProvider time)
{
    // A folder's line, with a name of a few hundred letters.
    private const long FolderBytesMax = 4 * 1024;

    // So many changes at once that the server tells of none any more (RFC 5465 section 5.8).
    private const string Overflow = "[NOTIFICATIONOVERFLOW";

    // A server that could not may be able to later: its load changes, and so does its configuration.
    private static readonly TimeSpan RefusedFor = TimeSpan.FromHours(1);

    private static readonly ImapEvent[] Events = [new ImapEvent.MessageNew(), ImapEvent.MessageExpunge, ImapEvent.FlagChange];

    private readonly List<(ServerFolder Folder, ImapFolder Shown)> _watched = [];

    // By path. What was told once is not told again: should the server count otherwise in a folder that is open, no round follows another.
    private readonly Dictionary<string, FolderState> _told = new(StringComparer.Ordinal);
    private ImapLine? _line;
    private ServerWords? _words;
    private long? _refusedAt;

    /// <summary>Why the server does not tell of all that it was asked to tell of, in a sentence; null when it was not asked or does.</summary>
    internal string? Problem { get; private set; }

    /// <summary>Whether the server gave up: it is silent from then on, of the open folder as well.</summary>
    internal bool HasOverflowed { get; private set; }

    /// <summary>Asks the server to tell of folders; what it told of others before ends.</summary>
    /// <returns>Those of which it does: none when it cannot, or refuses. The line may be lost then.</returns>
    internal async Task<IReadOnlyList<ServerFolder>> BeginAsync(ImapLine line, IReadOnlyList<ServerFolder> folders)
    {
        End();
        (_line, _words, HasOverflowed) = (line, line.Words, false);
        if (_words is not null)
        {
            _words.Listen();
            _words.OnSaid = HearOverflow;
        }

        if (!line.Abilities.PushesFolders || folders.Count == 0 || (_refusedAt is { } at && time.GetElapsedTime(at) < RefusedFor))
        {
            return [];
        }

        try
        {
            // The wait is ended when this is answered: to break off here would lose the connection.
            var refusal = await line.AskAsync(
                folders.Count * FolderBytesMax, client => AskAsync(client, folders), CancellationToken.None);
            if (refusal is not null)
            {
                Refuse($"it answered: {refusal}");
                return [];
            }
        }
        catch (MailServerException broken)
        {
            // Should it be the network, the next question finds out.
            Refuse(broken.Message);
            return [];
        }

        _refusedAt = null;
        foreach (var (_, shown) in _watched)
        {
            shown.CountChanged += Notice;
            shown.UidNextChanged += Notice;
            shown.HighestModSeqChanged += Notice;
            shown.UidValidityChanged += Notice;
        }

        return [.. _watched.Select(one => one.Folder)];
    }

    /// <summary>The folders that changed since they were read, each state once.</summary>
    internal IReadOnlyList<ServerFolder> TakeNews()
    {
        List<ServerFolder> news = [];
        foreach (var (folder, shown) in _watched.Where(one => IsNews(one.Folder, one.Shown)))
        {
            news.Add(folder);
            _told[folder.Path] = FolderState.Of(shown);
        }

        return news;
    }

    /// <summary>The server is not asked again for a while.</summary>
    internal void Refuse(string reason)
    {
        End();
        Problem = $"The server does not tell of several folders at once: {Words.Shown(reason).TrimEnd('.')}.";
        _refusedAt = time.GetTimestamp();
    }

    /// <summary>What is told from here on counts no more.</summary>
    internal void End()
    {
        foreach (var (_, shown) in _watched)
        {
            shown.CountChanged -= Notice;
            shown.UidNextChanged -= Notice;
            shown.HighestModSeqChanged -= Notice;
            shown.UidValidityChanged -= Notice;
        }

        _watched.Clear();
        if (_words is not null)
        {
            _words.OnSaid = null;
            _words = null;
        }
    }

    private async Task<string?> AskAsync(BoundedImapClient client, IReadOnlyList<ServerFolder> folders)
    {
        foreach (var folder in folders)
        {
            try
            {
                _watched.Add((folder, (ImapFolder)await ImapLine.FindAsync(client, folder, CancellationToken.None)));
            }
            catch (FolderNotFoundException)
            {
                // It is gone since they were listed: the next round finds out.
            }
        }

        if (_watched.Count == 0)
        {
            Problem = null;
            return null;
        }

        // A folder that it says nothing of is not watched. Dovecot 2.3.19 passes over names with '&' and letters beyond ASCII.
        var said = new HashSet<ImapFolder>();
        void Hear(object? sender, EventArgs e) => said.Add((ImapFolder)sender!);
        foreach (var (_, shown) in _watched)
        {
            shown.CountChanged += Hear;
        }

        try
        {
            // The open folder as without this extension, the others by their states, at once and at each change.
            await client.NotifyAsync(
                status: true,
                [
                    new ImapEventGroup(ImapMailboxFilter.SelectedDelayed, Events),
                    new ImapEventGroup(new ImapMailboxFilter.Mailboxes([.. _watched.Select(one => one.Shown)]), Events),
                ],
                CancellationToken.None);
            return null;
        }
        catch (ImapCommandException refused)
        {
            return refused.ResponseText ?? "no";
        }
        finally
        {
            foreach (var (_, shown) in _watched)
            {
                shown.CountChanged -= Hear;
            }

            var silent = _watched.Where(one => !said.Contains(one.Shown)).ToList();
            _watched.RemoveAll(silent.Contains);
            Problem = silent.Count == 0 ? null : $"The server does not tell of {Words.Shown(string.Join(", ", silent.Select(one => one.Folder.Name)))}.";
        }
    }

    private void HearOverflow()
    {
        if (!HasOverflowed && _words!.HasSaid(Overflow))
        {
            HasOverflowed = true;
            _line?.OnNews?.Invoke();
        }
    }

    private void Notice(object? sender, EventArgs e)
    {
        foreach (var (folder, shown) in _watched)
        {
            if (shown == sender && IsNews(folder, shown))
            {
                _line?.OnNews?.Invoke();
            }
        }
    }

    private bool IsNews(ServerFolder folder, ImapFolder shown)
    {
        var now = FolderState.Of(shown);
        return _line?.LastRead(folder) is { } before && before != now && (!_told.TryGetValue(folder.Path, out var told) || told != now);
    }
}
