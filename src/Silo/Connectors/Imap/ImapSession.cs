using EmailTracking.Connectors;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>One mailbox, open by IMAP. A connection that is lost is dialled again with the next question.</summary>
internal sealed class ImapSession(ImapDialer dialer, ImapConnection connection, TimeProvider time) : IMailSession
{
    private readonly ImapLine _line = new(dialer, connection);
    private readonly FolderWatch _watch = new(time);

    /// <inheritdoc/>
    public ServerAbilities Abilities => _line.Abilities;

    /// <inheritdoc/>
    public string? WatchProblem => _watch.Problem;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServerFolder>> ListFoldersAsync(CancellationToken cancellationToken) =>
        FolderList.ReadAsync(_line, cancellationToken);

    /// <inheritdoc/>
    public Task<FolderArrivals> ReadArrivalsAsync(
        ServerFolder folder, FolderMark? since, DateOnly from, int countMax, CancellationToken cancellationToken) =>
        ArrivalReader.ReadAsync(_line, folder, since, from, countMax, cancellationToken);

    /// <inheritdoc/>
    public Task<FolderChanges?> ReadChangesAsync(ServerFolder folder, FolderMark since, CancellationToken cancellationToken) =>
        ChangeReader.ReadAsync(_line, folder, since, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ItemState>> ListItemsAsync(ServerFolder folder, DateOnly? from, CancellationToken cancellationToken) =>
        ChangeReader.ListAsync(_line, folder, from, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArrivedItem>> ReadHeadersAsync(
        ServerFolder folder, IReadOnlyCollection<ItemId> items, CancellationToken cancellationToken)
    {
        var open = await _line.OpenToReadAsync(folder, cancellationToken);
        var numbers = open.NumbersOf(items);
        return numbers.Count == 0
            ? []
            : (await new ItemReader(_line, folder).ReadAsync(open, numbers, int.MaxValue, cancellationToken)).Items;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ItemId>> FindAsync(
        ServerFolder folder, MessageId messageId, int countMax, CancellationToken cancellationToken) =>
        MessageReader.FindAsync(_line, folder, messageId, countMax, cancellationToken);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>?> FetchAsync(ServerFolder folder, ItemId item, long sizeMax, CancellationToken cancellationToken) =>
        MessageReader.FetchAsync(_line, folder, item, sizeMax, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<ItemId, ReadOnlyMemory<byte>>> FetchManyAsync(
        ServerFolder folder, IReadOnlyCollection<ItemId> items, long sizeMax, CancellationToken cancellationToken) =>
        MessageReader.FetchManyAsync(_line, folder, items, sizeMax, cancellationToken);

    /// <inheritdoc/>
    public Task LabelAsync(
        ServerFolder folder,
        IReadOnlyCollection<ItemId> items,
        IReadOnlyCollection<string> set,
        IReadOnlyCollection<string> remove,
        CancellationToken cancellationToken) =>
        Labels.ChangeAsync(_line, folder, items, set, remove, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(ServerFolder folder, IReadOnlyCollection<ItemId> items, CancellationToken cancellationToken) =>
        MessageReader.DeleteAsync(_line, folder, items, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServerFolder>> WaitAsync(
        IReadOnlyList<ServerFolder> folders, TimeSpan waitMax, CancellationToken cancellationToken) =>
        MailWaiter.WaitAsync(_line, _watch, folders, waitMax, time, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _line.DisposeAsync();
}
