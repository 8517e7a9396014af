namespace EmailTracking.Outbox;

/// <summary>Does what a commit left to be done: decides waiting and deferred mail again. Key: organization/o:.</summary>
[GrainInterfaceType("outbox")]
public interface IOutboxGrain : IGrainWithStringKey
{
    /// <summary>Something may be due. Safe to call at any time; a reminder calls it as well.</summary>
    [Alias("Wake")]
    [Orleans.Concurrency.AlwaysInterleave]
    Task WakeAsync(CancellationToken cancellationToken = default);
}
