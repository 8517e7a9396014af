using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Bounds and times of reading mailboxes.</summary>
public sealed class SyncOptions
{
    /// <summary>How many messages of a folder are read at a time. Default: 256.</summary>
    [Range(1, 512)]
    public int PageMax { get; set; } = 256;

    /// <summary>The largest message that is read, in bytes. Default: 150 MB.</summary>
    [Range(1024, 1024L * 1024 * 1024)]
    public long MessageBytesMax { get; set; } = 150L * 1024 * 1024;

    /// <summary>How many bytes of whole mail are decided together. Default: 4 MB.</summary>
    [Range(1, 1024L * 1024 * 1024)]
    public long BatchBytes { get; set; } = 4L * 1024 * 1024;

    /// <summary>The shortest wait before a mailbox that failed is tried again; it doubles. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RetryMin { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait before a mailbox that failed is tried again. Default: 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan RetryMax { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The wait before a mailbox is tried again that needs somebody to change something: seldom, so that no account is locked.
    /// Default: one hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "7.00:00:00")]
    public TimeSpan StoppedRetry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a message that left its folder is remembered, so that it is known when it is seen elsewhere. Default: 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan MoveGrace { get; set; } = TimeSpan.FromDays(7);

    /// <summary>For how long after it was first seen a message's label follows what its email becomes. Default: 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan LabelsFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How many folders of a mailbox, the Inbox among them, a server is asked to watch at once where it can watch several; the others are
    /// looked at with every round. Default: 100.
    /// </summary>
    [Range(1, 1000)]
    public int WatchedFoldersMax { get; set; } = 100;

    /// <summary>How many folder rules a mailbox has at most. Default: 25.</summary>
    [Range(1, 1000)]
    public int FolderRulesMax { get; set; } = 25;

    /// <summary>
    /// The shortest wait before what somebody meant by a label is tried again; it doubles, and the next round after it tries.
    /// Default: 2 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan LabelRetryMin { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a message that carries the label is tried to be tracked before the label says that it cannot be. Default: 5.</summary>
    [Range(1, 100)]
    public int LabelTriesMax { get; set; } = 5;
}

/// <summary>Checks <see cref="SyncOptions"/> when the silo starts.</summary>
[OptionsValidator]
public sealed partial class SyncOptionsValidator : IValidateOptions<SyncOptions>;
