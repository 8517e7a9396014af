using System.Collections.Immutable;

namespace EmailTracking.Preview;

/// <summary>One preview: mail that somebody shows, and what each filter would make of it. Writes nothing. Key: organization/p:id.</summary>
/// <remarks>It lives in memory, for as long as somebody asks it something; who loses it begins again.</remarks>
[GrainInterfaceType("preview")]
public interface IPreviewGrain : IGrainWithStringKey
{
    /// <summary>How much content one call carries at most, and how much of one mail is looked at, in bytes.</summary>
    const int ContentBytesMax = 1024 * 1024;

    /// <summary>Begins; a preview that has begun stays as it is.</summary>
    /// <param name="request">Where the mail is imagined to lie.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>How much is taken.</returns>
    /// <exception cref="PreviewException">Too many previews are open.</exception>
    [Alias("Open")]
    Task<PreviewLimits> OpenAsync(PreviewRequest request, CancellationToken cancellationToken = default);

    /// <summary>Takes the next mails. Safe to repeat.</summary>
    /// <param name="from">How many were handed over before.</param>
    /// <param name="items">The mails in their order, at most <see cref="ContentBytesMax"/> together.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <exception cref="PreviewException">The preview is gone, or takes no more.</exception>
    [Alias("Add")]
    Task<PreviewProgress> AddAsync(int from, ImmutableArray<PreviewItem> items, CancellationToken cancellationToken = default);

    /// <summary>Decides what was handed over and not decided yet: no more will come. Safe to repeat.</summary>
    /// <exception cref="PreviewException">The preview is gone.</exception>
    [Alias("End")]
    Task<PreviewSummary> EndAsync(CancellationToken cancellationToken = default);

    /// <summary>What it came to so far.</summary>
    /// <exception cref="PreviewException">The preview is gone.</exception>
    [Alias("ReadSummary")]
    Task<PreviewSummary> ReadSummaryAsync(CancellationToken cancellationToken = default);

    /// <summary>The decided mails in their order.</summary>
    /// <exception cref="PreviewException">The preview is gone.</exception>
    [Alias("ReadMails")]
    Task<ImmutableArray<PreviewMail>> ReadMailsAsync(PreviewQuery query, CancellationToken cancellationToken = default);

    /// <summary>Why one mail is tracked or left out by one filter, and its thread there.</summary>
    /// <param name="number">The mail's number, from 1.</param>
    /// <param name="filter">The filter, 0 to 4.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Null when there is no such mail, or it is not decided yet.</returns>
    /// <exception cref="PreviewException">The preview is gone.</exception>
    [Alias("Explain")]
    Task<PreviewExplanation?> ExplainAsync(
        int number, Tracking.Deciding.FilterMethod filter, CancellationToken cancellationToken = default);

    /// <summary>Forgets everything.</summary>
    [Alias("Close")]
    Task CloseAsync(CancellationToken cancellationToken = default);
}

/// <summary>A preview that cannot go on; nothing was changed.</summary>
/// <param name="message">What is wrong, and what to do.</param>
[GenerateSerializer, Alias("PreviewException")]
public sealed class PreviewException(string message) : Exception(message);
