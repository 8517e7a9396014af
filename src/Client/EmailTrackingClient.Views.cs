using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Listing;
using EmailTracking.Queries;
using EmailTracking.Storage;

namespace EmailTracking.Client;

/// <content>Mail as somebody may see it. All of these only read.</content>
public sealed partial class EmailTrackingClient
{
    /// <inheritdoc cref="IViewGrain.ListAsync"/>
    public Task<ListPage> ListAsync(Principal who, ListQuery query, CancellationToken cancellationToken = default) =>
        ViewAsync((view, token) => view.ListAsync(who, query, token), cancellationToken);

    /// <inheritdoc cref="IViewGrain.WatchAsync"/>
    public Task<SeenChanges> WatchAsync(Principal who, ListMark? after, CancellationToken cancellationToken = default) =>
        ViewAsync((view, token) => view.WatchAsync(who, after, token), cancellationToken);

    /// <inheritdoc cref="IViewGrain.FindAsync"/>
    public Task<EmailRow?> FindAsync(Principal who, string email, CancellationToken cancellationToken = default) =>
        ViewAsync((view, token) => view.FindAsync(who, email, token), cancellationToken);

    /// <inheritdoc cref="IViewGrain.ExplainAsync"/>
    public Task<Explanation?> ExplainAsync(Principal who, string email, CancellationToken cancellationToken = default) =>
        ViewAsync((view, token) => view.ExplainAsync(who, email, token), cancellationToken);

    /// <inheritdoc cref="IViewGrain.ReadLedgerAsync"/>
    public Task<LedgerPage> ReadLedgerAsync(Principal who, LedgerQuery query, CancellationToken cancellationToken = default) =>
        ViewAsync((view, token) => view.ReadLedgerAsync(who, query, token), cancellationToken);

    /// <inheritdoc cref="IViewGrain.SumDecisionsAsync"/>
    public Task<DecisionSums> SumDecisionsAsync(
        Principal who, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken = default) =>
        ViewAsync((view, token) => view.SumDecisionsAsync(who, from, until, token), cancellationToken);

    /// <inheritdoc cref="IViewGrain.ReadConversationAsync"/>
    public Task<ConversationView?> ReadConversationAsync(Principal who, string conversation, CancellationToken cancellationToken = default) =>
        ViewAsync((view, token) => view.ReadConversationAsync(who, conversation, token), cancellationToken);

    /// <inheritdoc cref="IViewGrain.FindUnseenAsync"/>
    public Task<ImmutableArray<string>> FindUnseenAsync(
        Principal who, Privilege privilege, ImmutableArray<string> emails, CancellationToken cancellationToken = default) =>
        ViewAsync((view, token) => view.FindUnseenAsync(who, privilege, emails, token), cancellationToken);

    /// <summary>Opens the raw mail of a tracked email, byte for byte; it is fetched as it is read.</summary>
    /// <returns>Null when there is no such activity that they may see.</returns>
    /// <inheritdoc cref="IViewGrain.ReadRawAsync"/>
    public async Task<Stream?> OpenRawAsync(Principal who, string email, CancellationToken cancellationToken = default)
    {
        Task<ReadOnlyMemory<byte>?> Part(long offset, CancellationToken token) =>
            ViewAsync((view, inner) => view.ReadRawAsync(who, email, offset, inner), token);

        return await Part(0, cancellationToken) is { } first ? new RawMailStream(first, Part) : null;
    }

    private Task<T> ViewAsync<T>(Func<IViewGrain, CancellationToken, Task<T>> question, CancellationToken cancellationToken) =>
        _patience.TryAsync(token => question(Service<IViewGrain>(), token), cancellationToken);
}
