using System.Collections.Immutable;
using EmailTracking.Client.Readers;
using EmailTracking.Preview;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client.Previewing;

/// <summary>A preview that is open on a cluster: mail goes in, and what each filter makes of it comes out. Nothing is written.</summary>
public sealed class MailPreview : IAsyncDisposable
{
    private const int ItemsMax = 256;
    private const long MB = 1024 * 1024;

    private static readonly TimeSpan CloseMax = TimeSpan.FromSeconds(2);

    private readonly IPreviewGrain _grain;
    private readonly Patience _patience;
    private int _sent;

    private MailPreview(IPreviewGrain grain, Patience patience, PreviewLimits limits) =>
        (_grain, _patience, Limits) = (grain, patience, limits);

    /// <summary>How much it takes.</summary>
    public PreviewLimits Limits { get; }

    internal static async Task<MailPreview> OpenAsync(
        IPreviewGrain grain, Patience patience, PreviewRequest request, CancellationToken cancellationToken) =>
        new(grain, patience, await patience.TryAsync(token => grain.OpenAsync(request, token), cancellationToken));

    /// <summary>Hands over mail until there is no more, or no more is taken, and has it decided. Once for each preview.</summary>
    /// <param name="items">The mail; of each the first 1 MB is looked at.</param>
    /// <param name="progress">Told after each part: how far it is, and how many bytes of mail were read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PreviewException">The preview is gone, or the mail is more than it takes: what to do is said.</exception>
    public async Task<PreviewSummary> FeedAsync(
        IAsyncEnumerable<MailItem> items, Action<PreviewProgress, long> progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(progress);
        var answer = Task.FromResult(new PreviewProgress(0, 0, false, false));
        var bytes = 0L;
        await foreach (var part in PartsAsync(Counted(items), cancellationToken))
        {
            // While the cluster decides one part, the next is read.
            var before = await answer;
            progress(before, bytes);
            if (before.IsFull)
            {
                break;
            }

            var from = _sent;
            _sent += part.Length;
            answer = _patience.TryAsync(token => _grain.AddAsync(from, part, token), cancellationToken);
        }

        progress(await answer, bytes);
        return await _patience.TryAsync(_grain.EndAsync, cancellationToken);

        async IAsyncEnumerable<MailItem> Counted(IAsyncEnumerable<MailItem> all)
        {
            await foreach (var item in all)
            {
                bytes += item.Content.Length;
                CheckSize(bytes);
                yield return item;
            }
        }
    }

    /// <summary>Refuses what is larger than a preview takes, before it is read.</summary>
    /// <param name="bytes">The size of a file.</param>
    /// <exception cref="PreviewException">It is too large: what to do is said.</exception>
    public void CheckSize(long bytes)
    {
        if (bytes > Limits.BytesMax)
        {
            throw new PreviewException(
                $"A preview takes at most {Limits.BytesMax / MB:N0} MB, and this is more. Nothing was changed; split the file, or raise " +
                "EmailTracking__Preview__BytesMax.");
        }
    }

    /// <inheritdoc cref="IPreviewGrain.ReadSummaryAsync"/>
    public Task<PreviewSummary> ReadSummaryAsync(CancellationToken cancellationToken = default) =>
        _patience.TryAsync(_grain.ReadSummaryAsync, cancellationToken);

    /// <inheritdoc cref="IPreviewGrain.ReadMailsAsync"/>
    public Task<ImmutableArray<PreviewMail>> ReadMailsAsync(PreviewQuery query, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => _grain.ReadMailsAsync(query, token), cancellationToken);

    /// <inheritdoc cref="IPreviewGrain.ExplainAsync"/>
    public Task<PreviewExplanation?> ExplainAsync(
        int number, FilterMethod filter, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => _grain.ExplainAsync(number, filter, token), cancellationToken);

    /// <summary>Has it forgotten; when the cluster does not answer, it forgets by itself after a while.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _grain.CloseAsync().WaitAsync(CloseMax);
        }
        catch (Exception problem) when (problem is TimeoutException || Transient.Is(problem))
        {
            // Nothing depends on it.
        }
    }

    private static async IAsyncEnumerable<ImmutableArray<PreviewItem>> PartsAsync(
        IAsyncEnumerable<MailItem> items,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var part = ImmutableArray.CreateBuilder<PreviewItem>();
        var bytes = 0;
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            var next = Of(item);
            if (part.Count == ItemsMax || bytes + next.Content.Length > IPreviewGrain.ContentBytesMax)
            {
                yield return part.DrainToImmutable();
                bytes = 0;
            }

            part.Add(next);
            bytes += next.Content.Length;
        }

        if (part.Count > 0)
        {
            yield return part.DrainToImmutable();
        }
    }

    // What there is of a mail that ends too early is shown all the same.
    private static PreviewItem Of(MailItem item)
    {
        var isCut = item.Content.Length > IPreviewGrain.ContentBytesMax;
        return item.Problem is { } problem && item.Content.IsEmpty
            ? new PreviewItem(item.Source.ToString(), default, false, problem.Advice)
            : new PreviewItem(
                item.Source.ToString(),
                isCut ? item.Content[..IPreviewGrain.ContentBytesMax] : item.Content,
                isCut || item.Problem is not null,
                null);
    }
}
