using System.Collections.Immutable;
using EmailTracking.Intake;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.Options;

namespace EmailTracking.Preview;

/// <summary>Keeps one preview in memory until it is closed, or nobody asks it anything any more.</summary>
[GrainType("preview")]
[Orleans.Placement.PreferLocalPlacement]
public sealed class PreviewGrain(
    ITrackingStore store, IMailParser parser, PreviewWords words, PreviewPlaces places, IOptions<PreviewOptions> options, TimeProvider time)
    : Grain, IPreviewGrain
{
    private const string Gone =
        "The preview is gone: it was closed, nobody asked it anything for too long, or its silo has stopped. Nothing was changed; " +
        "begin again.";

    private PreviewRun? _run;
    private IGrainTimer? _end;

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    private PreviewLimits Limits => new(options.Value.BytesMax, options.Value.MailsMax);

    /// <inheritdoc/>
    public Task<PreviewLimits> OpenAsync(PreviewRequest request, CancellationToken cancellationToken)
    {
        if (_run is null)
        {
            if (!places.TryTake())
            {
                DeactivateOnIdle();
                throw new PreviewException(
                    $"{options.Value.SessionsMax} previews are open here already. Close one, or wait: one that nobody asks anything ends " +
                    "by itself.");
            }

            _run = new PreviewRun(Organization, request, Limits, store, parser, time);
            _end = this.RegisterGrainTimer(EndOfTimeAsync, options.Value.KeptFor, Timeout.InfiniteTimeSpan);
        }

        Keep();
        return Task.FromResult(Limits);
    }

    /// <inheritdoc/>
    public Task<PreviewProgress> AddAsync(int from, ImmutableArray<PreviewItem> items, CancellationToken cancellationToken) =>
        items.Sum(item => (long)item.Content.Length) > IPreviewGrain.ContentBytesMax
            ? throw new PreviewException(
                $"One call carries at most {IPreviewGrain.ContentBytesMax} bytes. Send fewer mails, or their first part.")
            : Run().AddAsync(from, items, cancellationToken);

    /// <inheritdoc/>
    public async Task<PreviewSummary> EndAsync(CancellationToken cancellationToken)
    {
        await Run().EndAsync(cancellationToken);
        return Run().Summarize();
    }

    /// <inheritdoc/>
    public Task<PreviewSummary> ReadSummaryAsync(CancellationToken cancellationToken) => Task.FromResult(Run().Summarize());

    /// <inheritdoc/>
    public Task<ImmutableArray<PreviewMail>> ReadMailsAsync(PreviewQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(Run().Find(query));

    /// <inheritdoc/>
    public Task<PreviewExplanation?> ExplainAsync(int number, FilterMethod filter, CancellationToken cancellationToken) =>
        words.ExplainAsync(Organization, Run(), number, filter, cancellationToken);

    /// <inheritdoc/>
    public Task CloseAsync(CancellationToken cancellationToken)
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_run is not null)
        {
            _run = null;
            places.GiveBack();
        }

        return Task.CompletedTask;
    }

    private PreviewRun Run()
    {
        if (_run is null)
        {
            // The call made an activation that nobody needs.
            DeactivateOnIdle();
            throw new PreviewException(Gone);
        }

        Keep();
        return _run;
    }

    // The silo would collect it before, or much later.
    private void Keep()
    {
        _end!.Change(options.Value.KeptFor, Timeout.InfiniteTimeSpan);
        DelayDeactivation(options.Value.KeptFor + TimeSpan.FromMinutes(1));
    }

    private Task EndOfTimeAsync(CancellationToken cancellationToken) => CloseAsync(cancellationToken);
}
