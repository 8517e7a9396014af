namespace EmailTracking.Listing;

/// <summary>Keeps the lists and the search index of an organization behind what is stored. Key: organization/o:.</summary>
[GrainInterfaceType("listing")]
public interface IListingGrain : IGrainWithStringKey
{
    /// <summary>Emails may be due. Safe to call at any time; a reminder calls it as well.</summary>
    [Alias("Wake")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task WakeAsync(CancellationToken cancellationToken = default);
}
