using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmailTracking;

/// <summary>Bounds and times of the grains.</summary>
public sealed class TrackingOptions
{
    /// <summary>How often a batch is decided afresh after it lost a race. Default: 5.</summary>
    [Range(1, 100)]
    public int CommitAttemptsMax { get; set; } = 5;

    /// <summary>How long a mail waits that lost every race. Default: 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan DeferFor { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many sightings of one mailbox are decided together. Default: 256.</summary>
    [Range(1, 512)]
    public int BatchMax { get; set; } = 256;

    /// <summary>How many sightings may wait for one mailbox before senders have to. Default: 4,096.</summary>
    [Range(1, 1_000_000)]
    public int MailboxQueueMax { get; set; } = 4096;

    /// <summary>How many items of the outbox are taken at a time. Default: 256.</summary>
    [Range(1, 4096)]
    public int OutboxBatchMax { get; set; } = 256;

    /// <summary>How many mailboxes the outbox works at together; a slow one holds up none of the others. Default: 64.</summary>
    [Range(1, 4096)]
    public int OutboxMailboxesMax { get; set; } = 64;

    /// <summary>The longest wait before an outbox item that keeps failing is tried again; it begins with one second and doubles. Default: 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan OutboxBackoffMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a change of records is remembered, so that mail that was being decided meanwhile is linked by it too: longer than any
    /// decision takes from reading its facts to being stored. Default: 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan LinkGrace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long an erasure waits before it removes what decisions left that had begun before it: longer than any decision takes from
    /// reading its facts to being stored. Default: 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan EraseGrace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Time between two looks for mail that was kept long enough. Default: one hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Time between two looks whether mail has come that people tracked before. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan PendingInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a track may be pending before people are told that something is wrong. Default: 20 minutes, as in Dynamics.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan PendingMax { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>Time between two sweeps of raw mail that nobody needs. Default: one hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>Checks <see cref="TrackingOptions"/> when the silo starts.</summary>
[OptionsValidator]
public sealed partial class TrackingOptionsValidator : IValidateOptions<TrackingOptions>;
