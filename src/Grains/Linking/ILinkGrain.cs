namespace EmailTracking.Linking;

/// <summary>Links stored mail anew when the records of its addresses change. Key: organization/o:.</summary>
[GrainInterfaceType("link")]
public interface ILinkGrain : IGrainWithStringKey
{
    /// <summary>Records may have changed. Safe to call at any time; a reminder calls it as well.</summary>
    [Alias("Wake")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task WakeAsync(CancellationToken cancellationToken = default);
}
