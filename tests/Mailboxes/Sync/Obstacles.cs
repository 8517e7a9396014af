using EmailTracking.Connectors;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>What a test puts in the way of a silo that reads mailboxes: it is asked before each question to the server.</summary>
public sealed class Obstacles
{
    /// <summary>May throw instead of the question, whose method and folder it is told (null: no folder is asked).</summary>
    public Action<string, ServerFolder?> Before { get; set; } = (_, _) => { };

    /// <summary>What has to end before the mailbox with a user name is opened.</summary>
    public Func<string, Task> Opening { get; set; } = _ => Task.CompletedTask;

    /// <summary>Puts them in the way of a silo.</summary>
    public void Place(IServiceCollection services)
    {
        var connector = services.Last(service => service.ServiceType == typeof(IMailConnector));
        services.AddSingleton<IMailConnector>(provider => new Connector(
            (IMailConnector)ActivatorUtilities.CreateInstance(provider, connector.ImplementationType!), this));
        services.Remove(connector);
    }

    private sealed class Connector(IMailConnector connector, Obstacles obstacles) : IMailConnector
    {
        public string Kind => connector.Kind;

        public async Task<IMailSession> OpenAsync(ServerProfile profile, MailboxLogin login, CancellationToken cancellationToken)
        {
            await obstacles.Opening(login.UserName);
            return new Session(await connector.OpenAsync(profile, login, cancellationToken), obstacles);
        }
    }

    private sealed class Session(IMailSession session, Obstacles obstacles) : IMailSession
    {
        public ServerAbilities Abilities => session.Abilities;

        public Task<IReadOnlyList<ServerFolder>> ListFoldersAsync(CancellationToken cancellationToken) =>
            Free(nameof(ListFoldersAsync)).ListFoldersAsync(cancellationToken);

        public Task<FolderArrivals> ReadArrivalsAsync(
            ServerFolder folder, FolderMark? since, DateOnly from, int countMax, CancellationToken cancellationToken) =>
            Free(nameof(ReadArrivalsAsync), folder).ReadArrivalsAsync(folder, since, from, countMax, cancellationToken);

        public Task<FolderChanges?> ReadChangesAsync(ServerFolder folder, FolderMark since, CancellationToken cancellationToken) =>
            Free(nameof(ReadChangesAsync), folder).ReadChangesAsync(folder, since, cancellationToken);

        public Task<IReadOnlyList<ItemState>> ListItemsAsync(ServerFolder folder, DateOnly? from, CancellationToken cancellationToken) =>
            Free(nameof(ListItemsAsync), folder).ListItemsAsync(folder, from, cancellationToken);

        public Task<IReadOnlyList<ArrivedItem>> ReadHeadersAsync(
            ServerFolder folder, IReadOnlyCollection<ItemId> items, CancellationToken cancellationToken) =>
            Free(nameof(ReadHeadersAsync), folder).ReadHeadersAsync(folder, items, cancellationToken);

        public Task<IReadOnlyList<ItemId>> FindAsync(
            ServerFolder folder, MessageId messageId, int countMax, CancellationToken cancellationToken) =>
            Free(nameof(FindAsync), folder).FindAsync(folder, messageId, countMax, cancellationToken);

        public Task<ReadOnlyMemory<byte>?> FetchAsync(ServerFolder folder, ItemId item, long sizeMax, CancellationToken cancellationToken) =>
            Free(nameof(FetchAsync), folder).FetchAsync(folder, item, sizeMax, cancellationToken);

        public Task<IReadOnlyDictionary<ItemId, ReadOnlyMemory<byte>>> FetchManyAsync(
            ServerFolder folder, IReadOnlyCollection<ItemId> items, long sizeMax, CancellationToken cancellationToken) =>
            Free(nameof(FetchManyAsync), folder).FetchManyAsync(folder, items, sizeMax, cancellationToken);

        public Task LabelAsync(
            ServerFolder folder,
            IReadOnlyCollection<ItemId> items,
            IReadOnlyCollection<string> set,
            IReadOnlyCollection<string> remove,
            CancellationToken cancellationToken) =>
            Free(nameof(LabelAsync), folder).LabelAsync(folder, items, set, remove, cancellationToken);

        public Task DeleteAsync(ServerFolder folder, IReadOnlyCollection<ItemId> items, CancellationToken cancellationToken) =>
            Free(nameof(DeleteAsync), folder).DeleteAsync(folder, items, cancellationToken);

        public string? WatchProblem => session.WatchProblem;

        public Task<IReadOnlyList<ServerFolder>> WaitAsync(
            IReadOnlyList<ServerFolder> folders, TimeSpan waitMax, CancellationToken cancellationToken) =>
            session.WaitAsync(folders, waitMax, cancellationToken);

        public ValueTask DisposeAsync() => session.DisposeAsync();

        private IMailSession Free(string question, ServerFolder? folder = null)
        {
            obstacles.Before(question, folder);
            return session;
        }
    }
}
