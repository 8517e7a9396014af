namespace EmailTracking.Listing;

/// <summary>Keeps the lists and the search index of an organization behind what is stored. Key: organization/o:.</summary>
[GrainInterfaceType("listing")]
public interface IListingGrain : IGrainWithStringKey
{
    /// <summary>Emails may be due. Safe to call at any time; a reminder calls it as well.</summary>
    [Alias("Wake")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task WakeAsync(CancellationToken cancellationToken = default);

    /// <summary>What changes in the lists behind a mark: at once when something has, else when something does, or after ten seconds without.</summary>
    /// <param name="after">How far was read; null: until now, which is answered at once.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    [Alias("ReadChanges")]
    [Orleans.Concurrency.AlwaysInterleave]
    [ResponseTimeout("00:00:30")]
    Task<ListChanges> ReadChangesAsync(ListMark? after, CancellationToken cancellationToken = default);
}
