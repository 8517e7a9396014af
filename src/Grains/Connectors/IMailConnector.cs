using EmailTracking.Tracking.Mail;

namespace EmailTracking.Connectors;

/// <summary>Opens mailboxes on servers of one kind. Nothing that calls it knows the protocol, so that other kinds can follow.</summary>
public interface IMailConnector
{
    /// <summary>Which profiles it serves, for example <c>imap</c>.</summary>
    string Kind { get; }

    /// <summary>Connects and signs in.</summary>
    /// <param name="profile">The server.</param>
    /// <param name="login">Whose mailbox, and by which secret.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <exception cref="MailServerException">It cannot be opened: why, and what to do.</exception>
    Task<IMailSession> OpenAsync(ServerProfile profile, MailboxLogin login, CancellationToken cancellationToken);
}

/// <summary>One mailbox, open for reading. Used by one caller at a time; every call may throw <see cref="MailServerException"/>.</summary>
/// <remarks>After an exception it may be used again: a connection that was lost is made anew by the next call.</remarks>
public interface IMailSession : IAsyncDisposable
{
    /// <summary>What the server can do.</summary>
    ServerAbilities Abilities { get; }

    /// <summary>The folders that hold mail, at most <see cref="ServerFolder.CountMax"/>; the Inbox first.</summary>
    Task<IReadOnlyList<ServerFolder>> ListFoldersAsync(CancellationToken cancellationToken);

    /// <summary>Reads what came into a folder since a mark, oldest first, headers only; nothing is marked as read.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="since">Where to go on; null: from the beginning.</param>
    /// <param name="from">Without a mark: only mail that the server received on this day (UTC) or later.</param>
    /// <param name="countMax">How many at most.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>What came. A message that cannot be read is there without headers: it never stops those behind it.</returns>
    Task<FolderArrivals> ReadArrivalsAsync(
        ServerFolder folder, FolderMark? since, DateOnly from, int countMax, CancellationToken cancellationToken);

    /// <summary>Reads what changed in a folder among messages that were there at a mark: labels set or removed, messages gone.</summary>
    /// <remarks>
    /// For a mark without a change, or with one that the server has not reached, all messages count as labelled and those gone are unknown.
    /// </remarks>
    /// <returns>The changes, or null when the server cannot tell: then <see cref="ListItemsAsync"/> and compare.</returns>
    Task<FolderChanges?> ReadChangesAsync(ServerFolder folder, FolderMark since, CancellationToken cancellationToken);

    /// <summary>Everything that lies in a folder now with its labels, without content; or what the server received on a day (UTC) or later.</summary>
    Task<IReadOnlyList<ItemState>> ListItemsAsync(ServerFolder folder, DateOnly? from, CancellationToken cancellationToken);

    /// <summary>Reads the headers of some messages of a folder again; those that are gone are left out.</summary>
    Task<IReadOnlyList<ArrivedItem>> ReadHeadersAsync(
        ServerFolder folder, IReadOnlyCollection<ItemId> items, CancellationToken cancellationToken);

    /// <summary>Finds the messages of a folder that may bear a Message-ID: a server compares in its own way, so each is to be looked at.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="messageId">The id.</param>
    /// <param name="countMax">How many at most.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    Task<IReadOnlyList<ItemId>> FindAsync(ServerFolder folder, MessageId messageId, int countMax, CancellationToken cancellationToken);

    /// <summary>Reads one message whole.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="item">The message.</param>
    /// <param name="sizeMax">
    /// The most bytes to take: a server that sends more is cut off, as <see cref="ServerProblemKind.Protocol"/>.
    /// </param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Its raw bytes; null when it is gone.</returns>
    Task<ReadOnlyMemory<byte>?> FetchAsync(ServerFolder folder, ItemId item, long sizeMax, CancellationToken cancellationToken);

    /// <summary>Reads several messages whole with one question.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="items">The messages.</param>
    /// <param name="sizeMax">The most bytes to take for all of them together.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>
    /// The raw bytes of those that could be read so. One that is not among them is gone, or has to be asked for by itself
    /// (<see cref="FetchAsync"/>), which tells.
    /// </returns>
    Task<IReadOnlyDictionary<ItemId, ReadOnlyMemory<byte>>> FetchManyAsync(
        ServerFolder folder, IReadOnlyCollection<ItemId> items, long sizeMax, CancellationToken cancellationToken);

    /// <summary>Sets and removes labels; messages that are gone are passed over. Safe to repeat.</summary>
    Task LabelAsync(
        ServerFolder folder,
        IReadOnlyCollection<ItemId> items,
        IReadOnlyCollection<string> set,
        IReadOnlyCollection<string> remove,
        CancellationToken cancellationToken);

    /// <summary>Removes messages from the server for good. Safe to repeat.</summary>
    Task DeleteAsync(ServerFolder folder, IReadOnlyCollection<ItemId> items, CancellationToken cancellationToken);

    /// <summary>Why not all folders were watched in the last wait, though the server says that it can watch several; null otherwise.</summary>
    string? WatchProblem { get; }

    /// <summary>Waits until the server says that something changed, since it was read here, in one of some folders.</summary>
    /// <param name="folders">The folders; a server that can watch only one watches the first.</param>
    /// <param name="waitMax">The longest wait.</param>
    /// <param name="cancellationToken">Ends the wait, which then gives none; the session stays in order.</param>
    /// <returns>
    /// Those to look at: where something changed, and with them those that were not watched. None when nothing was told; at once when the
    /// server does not push.
    /// </returns>
    Task<IReadOnlyList<ServerFolder>> WaitAsync(
        IReadOnlyList<ServerFolder> folders, TimeSpan waitMax, CancellationToken cancellationToken);
}
