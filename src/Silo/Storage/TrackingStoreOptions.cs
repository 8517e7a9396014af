using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Storage;

/// <summary>How the store behaves.</summary>
public sealed class TrackingStoreOptions
{
    /// <summary>
    /// How many changes may wait to be written; who comes later waits for a place. Longer queues write more at once and answer
    /// later. Default: 1,024.
    /// </summary>
    [Range(1, 65_536)]
    public int QueuedChangesMax { get; set; } = 1_024;

    /// <summary>
    /// How long the database may take for one batch before it counts as lost: its changes are read and decided again, others go on.
    /// Default: 10 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:05:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client's name for a delivery is remembered. Default: 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan OperationsKept { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long the raw mail of a sighting is kept that waits for what it answers. Default: 30 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "365.00:00:00")]
    public TimeSpan WaitingContentKept { get; set; } = TimeSpan.FromDays(30);
}

[OptionsValidator]
internal sealed partial class TrackingStoreOptionsValidator : IValidateOptions<TrackingStoreOptions>;
