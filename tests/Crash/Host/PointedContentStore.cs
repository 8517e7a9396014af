using EmailTracking.Storage;

namespace EmailTracking.Tests.Crash.Host;

internal sealed class PointedContentStore(IContentStore store, Points points) : IContentStore
{
    public async Task<KeptContent> PutAsync(
        string organization, ReadOnlyMemory<byte> content, DeliveryOperation? operation, CancellationToken cancellationToken)
    {
        points.Pass(Point.ContentBefore);
        var kept = await store.PutAsync(organization, content, operation, cancellationToken);
        points.Pass(Point.ContentAfter);
        return kept;
    }

    public Task<ReadOnlyMemory<byte>?> GetAsync(string organization, string hash, CancellationToken cancellationToken) =>
        store.GetAsync(organization, hash, cancellationToken);

    public async Task StageAsync(
        string organization, string uploadId, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        await store.StageAsync(organization, uploadId, offset, part, cancellationToken);
        points.Pass(Point.StageAfter);
    }

    public Task<ReadOnlyMemory<byte>?> ReadStagedAsync(
        string organization, string uploadId, long length, CancellationToken cancellationToken) =>
        store.ReadStagedAsync(organization, uploadId, length, cancellationToken);

    public Task DiscardStagedAsync(string organization, string uploadId, CancellationToken cancellationToken)
    {
        points.Pass(Point.DiscardBefore);
        return store.DiscardStagedAsync(organization, uploadId, cancellationToken);
    }

    public Task ReleaseAsync(string organization, string hash, CancellationToken cancellationToken) =>
        store.ReleaseAsync(organization, hash, cancellationToken);

    public Task<int> SweepAsync(string organization, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.SweepAsync(organization, now, cancellationToken);
}
