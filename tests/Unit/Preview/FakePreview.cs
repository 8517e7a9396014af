using System.Collections.Immutable;
using EmailTracking.Preview;
using EmailTracking.Silo.Mime;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Preview;

/// <summary>A preview without a silo, over a store that knows nothing.</summary>
public sealed class FakePreview : IPreviewGrain
{
    private readonly ModelTrackingStore _store = new(new ModelStore(new SimWorld([])));
    private PreviewRun? _run;

    public PreviewLimits Limits { get; set; } = new(10 * 1024 * 1024, 1_000);

    public List<ImmutableArray<PreviewItem>> Parts { get; } = [];

    public bool IsClosed { get; private set; }

    /// <summary>Thrown by the next call that hands over mail, once.</summary>
    public Exception? LostAnswer { get; set; }

    public Task<PreviewLimits> OpenAsync(PreviewRequest request, CancellationToken cancellationToken)
    {
        _run = new PreviewRun(ModelStore.Organization, request, Limits, _store, new MailParser(Mapper()), TimeProvider.System);
        return Task.FromResult(Limits);
    }

    public async Task<PreviewProgress> AddAsync(int from, ImmutableArray<PreviewItem> items, CancellationToken cancellationToken)
    {
        Parts.Add(items);
        var progress = await _run!.AddAsync(from, items, cancellationToken);
        if (LostAnswer is { } lost)
        {
            LostAnswer = null;
            throw lost;
        }

        return progress;
    }

    public async Task<PreviewSummary> EndAsync(CancellationToken cancellationToken)
    {
        await _run!.EndAsync(cancellationToken);
        return _run.Summarize();
    }

    public Task<PreviewSummary> ReadSummaryAsync(CancellationToken cancellationToken) => Task.FromResult(_run!.Summarize());

    public Task<ImmutableArray<PreviewMail>> ReadMailsAsync(PreviewQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(_run!.Find(query));

    public Task<PreviewExplanation?> ExplainAsync(int number, FilterMethod filter, CancellationToken cancellationToken) =>
        new PreviewWords(_store, _store).ExplainAsync(ModelStore.Organization, _run!, number, filter, cancellationToken);

    public Task CloseAsync(CancellationToken cancellationToken)
    {
        IsClosed = true;
        return Task.CompletedTask;
    }

    public static MimeMapper Mapper() => new(Microsoft.Extensions.Options.Options.Create(new MimeOptions()));
}
