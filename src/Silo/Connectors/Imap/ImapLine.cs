using EmailTracking.Connectors;
using MailKit;
using MailKit.Net.Imap;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>A folder as it was when it was opened.</summary>
/// <param name="Folder">The library's folder, open.</param>
/// <param name="Validity">Its numbering (RFC 3501 UIDVALIDITY).</param>
/// <param name="Next">Its next number (RFC 3501 UIDNEXT); null when the server does not say.</param>
/// <param name="Change">Its last change (RFC 7162 HIGHESTMODSEQ); 0 when the server counts none there.</param>
/// <param name="Count">How many messages it holds.</param>
internal sealed record OpenFolder(ImapFolder Folder, uint Validity, uint? Next, ulong Change, int Count)
{
    /// <summary>Whether a mark still means something here, or the folder was numbered anew.</summary>
    /// <exception cref="MailServerException">
    /// The server counts from the beginning again and does not say so (RFC 3501 section 2.3.1.1): what it has cannot be told from what
    /// it had, and to go on from the mark would pass new mail.
    /// </exception>
    internal bool Continues(FolderMark mark)
    {
        if (mark.Validity == Validity && Next < mark.Next)
        {
            throw new MailServerException(
                ServerProblemKind.Protocol,
                $"Messages of folder {Folder.FullName} get numbers that others had before, and its UIDVALIDITY says that they do not.",
                "Nothing while it is a copy that lags behind: it is tried again. Should it stay, have the folder given a new UIDVALIDITY on the server.");
        }

        return mark.Validity == Validity;
    }

    /// <summary>What shows a change, as the folder was when it was opened.</summary>
    internal FolderState State => new(Validity, Next ?? 0, Change, Count);

    /// <summary>The numbers of those items that are of this numbering.</summary>
    internal List<UniqueId> NumbersOf(IEnumerable<ItemId> items) =>
        [.. items.Where(item => item.Validity == Validity && item.Number > 0)
            .Select(item => item.Number).Distinct().Order().Select(number => new UniqueId(Validity, number))];
}

/// <summary>What of a folder shows that something changed in it.</summary>
/// <param name="Validity">Its numbering.</param>
/// <param name="Next">Its next number; 0 when the server does not say.</param>
/// <param name="Change">Its last change; 0 when the server counts none there.</param>
/// <param name="Count">How many messages it holds.</param>
internal readonly record struct FolderState(uint Validity, uint Next, ulong Change, int Count)
{
    /// <summary>As the server last told of a folder, open or not.</summary>
    internal static FolderState Of(ImapFolder folder) =>
        new(folder.UidValidity, folder.UidNext?.Id ?? 0, folder.HighestModSeq, folder.Count);
}

/// <summary>The line to a server: one question at a time, each answer bounded, each failure in words; dialled again when it was lost.</summary>
internal sealed class ImapLine(ImapDialer dialer, ImapConnection connection) : IAsyncDisposable
{
    private const long OpenBytesMax = 256 * 1024;

    // How a folder was when it was last read: what differs from it later is news.
    private readonly Dictionary<string, FolderState> _lastRead = new(StringComparer.Ordinal);
    private ImapConnection? _connection = connection;
    private OpenFolder? _open;
    private string? _openPath;

    /// <summary>What the server can do.</summary>
    internal ServerAbilities Abilities { get; private set; } = connection.Abilities;

    /// <summary>Whether the folder that is open changed since it was opened.</summary>
    internal bool HasNews { get; private set; }

    /// <summary>Told at each change of the folder that is open, and of those that are watched.</summary>
    internal Action? OnNews { get; set; }

    /// <summary>Asks one question.</summary>
    /// <param name="bytesMax">The longest answer; what TLS adds is allowed on top.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="cancellationToken">Stops it; the connection is lost then, and the next question dials again.</param>
    /// <param name="literalBytesMax">The largest piece of a message in it.</param>
    /// <exception cref="MailServerException">What went wrong.</exception>
    internal async Task<T> AskAsync<T>(
        long bytesMax, Func<BoundedImapClient, Task<T>> question, CancellationToken cancellationToken, long literalBytesMax = 0)
    {
        var line = await ConnectedAsync(cancellationToken);
        line.Wire.Begin((2 * bytesMax) + OpenBytesMax);
        line.Client.LiteralBytesMax = literalBytesMax;
        try
        {
            return await question(line.Client);
        }
        catch (Exception failed)
        {
            // After these the line is in order; after all others nobody knows where in an answer it is.
            if (failed is not (ImapCommandException or FolderNotFoundException or MessageNotFoundException) || !line.Client.IsConnected)
            {
                HangUp();
            }

            if (failed is MessageNotFoundException || failed is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            throw dialer.Problems.Of(failed, line.Words, line.Wire.HasEnded);
        }
    }

    /// <summary>Opens a folder afresh, so that its numbers are of now.</summary>
    /// <exception cref="MailServerException"><see cref="ServerProblemKind.FolderGone"/>: it is not there any more.</exception>
    internal async Task<OpenFolder> OpenAsync(ServerFolder folder, FolderAccess access, CancellationToken cancellationToken)
    {
        _open = null;
        _open = await AskAsync(
            OpenBytesMax,
            async client =>
            {
                var found = (ImapFolder)await FindAsync(client, folder, cancellationToken);
                found.CountChanged -= Notice;
                found.MessageExpunged -= Notice;
                found.MessageFlagsChanged -= Notice;
                try
                {
                    await found.OpenAsync(access, cancellationToken);
                }
                catch (ImapCommandException refused) when (_connection!.Words.Code.Length == 0)
                {
                    // Servers from before RFC 5530, and Dovecot, give no reason that a program can read.
                    throw new FolderNotFoundException(refused.Message, folder.Path, refused);
                }

                HasNews = false;
                found.CountChanged += Notice;
                found.MessageExpunged += Notice;
                found.MessageFlagsChanged += Notice;
                return new OpenFolder(
                    found,
                    found.UidValidity,
                    found.UidNext is { IsValid: true } next ? next.Id : null,
                    found.Supports(FolderFeature.ModSequences) ? found.HighestModSeq : 0,
                    found.Count);
            },
            cancellationToken);
        _openPath = folder.Path;
        return _open;
    }

    /// <summary>Opens a folder to read what is in it: what is new later is measured by this.</summary>
    internal async Task<OpenFolder> OpenToReadAsync(ServerFolder folder, CancellationToken cancellationToken)
    {
        // One that cannot be opened any more is not told of again and again.
        _lastRead.Remove(folder.Path);
        var open = await OpenAsync(folder, FolderAccess.ReadOnly, cancellationToken);
        _lastRead[folder.Path] = open.State;
        return open;
    }

    /// <summary>How a folder was when it was last read here; null when it was not.</summary>
    internal FolderState? LastRead(ServerFolder folder) => _lastRead.TryGetValue(folder.Path, out var state) ? state : null;

    /// <summary>Whether a folder is the open one, on a connection that stands.</summary>
    internal bool IsOpen(ServerFolder folder) =>
        _open is not null && _openPath == folder.Path && _connection?.Client.IsConnected == true;

    /// <summary>Whether a folder changed since it was last read here; it is open then.</summary>
    internal async Task<bool> HasNewsAsync(ServerFolder folder, CancellationToken cancellationToken)
    {
        var before = LastRead(folder);
        if (IsOpen(folder) && before is not null)
        {
            // It may have been opened since for something else, as to write a label: what came before that is no news to whoever opened it.
            return HasNews || before != _open!.State;
        }

        var now = await OpenToReadAsync(folder, cancellationToken);
        return before is not null && before != now.State;
    }

    /// <summary>Lets the server be silent until <see cref="EndWait"/>.</summary>
    internal void Wait() => _connection?.Wire.Wait();

    /// <summary>From here on the server has to answer.</summary>
    internal void EndWait() => _connection?.Wire.EndWait();

    /// <summary>What the server said last.</summary>
    internal ServerWords? Words => _connection?.Words;

    /// <summary>Has the next question dial again.</summary>
    internal void HangUp()
    {
        _connection?.Dispose();
        (_connection, _open, _openPath) = (null, null, null);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // No farewell: a server that hangs would hold the caller, and one that does not loses nothing.
        HangUp();
        return ValueTask.CompletedTask;
    }

    internal static async Task<IMailFolder> FindAsync(ImapClient client, ServerFolder folder, CancellationToken cancellationToken) =>
        folder.Role == FolderRole.Inbox ? client.Inbox : await client.GetFolderAsync(folder.Path, cancellationToken);

    private void Notice(object? sender, EventArgs e)
    {
        // A server may tell of folders that were open before.
        if (sender != _open?.Folder)
        {
            return;
        }

        HasNews = true;
        OnNews?.Invoke();
    }

    private async Task<ImapConnection> ConnectedAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_connection is { Client: { IsConnected: true, IsAuthenticated: true } })
        {
            return _connection;
        }

        HangUp();
        _connection = await dialer.DialAsync(cancellationToken);
        Abilities = _connection.Abilities;
        return _connection;
    }
}
