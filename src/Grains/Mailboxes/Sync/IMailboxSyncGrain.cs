using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Reads one mailbox on its server: one activation in the cluster does. Key: organization/m:address.</summary>
[GrainInterfaceType("mailbox-sync")]
public interface IMailboxSyncGrain : IGrainWithStringKey
{
    /// <summary>Says how the mailbox is read, and reads it so from now on. Safe to repeat.</summary>
    /// <returns>Why it is refused, and what to do: nothing has changed. Null when it is done.</returns>
    [Alias("Connect")]
    Task<string?> ConnectAsync(MailboxConnection connection, CancellationToken cancellationToken = default);

    /// <summary>Opens the mailbox once, and says what is there. Changes nothing.</summary>
    [Alias("Test")]
    [ResponseTimeout("00:10:00")]
    Task<MailboxTest> TestAsync(CancellationToken cancellationToken = default);

    /// <summary>How the mailbox is read, and how that goes; null when it has no server.</summary>
    [Alias("ReadStatus")]
    Task<MailboxStatus?> ReadStatusAsync(CancellationToken cancellationToken = default);

    /// <summary>Looks now, and not only when its time comes. Safe to call at any time.</summary>
    /// <returns>How it went, once everything that was there was read, or reading failed.</returns>
    [Alias("Look")]
    [ResponseTimeout("00:10:00")]
    Task<MailboxHealth> LookAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Labels copies of emails that are tracked now, or are not any more, without waiting for the next round. Safe to repeat.
    /// </summary>
    /// <returns>Whether it is done, or the mailbox is not read: else to be tried again, when its server is back.</returns>
    [Alias("Stamp")]
    [ResponseTimeout("00:10:00")]
    Task<bool> StampAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads messages of the mailbox again, and has them decided again.</summary>
    /// <returns>The places that could not be read; what is gone from the server is a dead letter.</returns>
    [Alias("Recall")]
    [ResponseTimeout("00:10:00")]
    Task<ImmutableArray<SightingPlace>> RecallAsync(ImmutableArray<OutboxItem> items, CancellationToken cancellationToken = default);

    /// <summary>Looks for a mail in every folder of the mailbox, and has it decided from its raw bytes. Safe to repeat.</summary>
    /// <returns>Whether it was found; durable when it is given.</returns>
    /// <exception cref="MailServerException">The mailbox cannot be read now: why, and what to do.</exception>
    [Alias("Fetch")]
    [ResponseTimeout("00:10:00")]
    Task<bool> FetchAsync(MessageId messageId, CancellationToken cancellationToken = default);

    /// <summary>How much mail that lies in a tracked folder is tracked: to show before the folder's record is changed for all of it.</summary>
    [Alias("CountFolder")]
    Task<int> CountFolderAsync(string folder, CancellationToken cancellationToken = default);

    /// <summary>
    /// How much mail that lies in a folder a rule for it would have decided: what the server received since the mailbox's start and the
    /// rule's. None when the folder was read before: then the rule is for what comes.
    /// </summary>
    /// <param name="folder">The folder, its path from the top.</param>
    /// <param name="from">The rule's first day (UTC); null: any.</param>
    /// <param name="until">The first day (UTC) that the rule is not in force any more; null: none.</param>
    /// <param name="cancellationToken">Stops the count.</param>
    /// <exception cref="MailServerException">The mailbox cannot be read now, or has no such folder.</exception>
    [Alias("CountNewInFolder")]
    [ResponseTimeout("00:10:00")]
    Task<int> CountNewInFolderAsync(string folder, DateOnly? from, DateOnly? until, CancellationToken cancellationToken = default);

    /// <summary>Makes the tracked mail that lies in a tracked folder be about the folder's record of now. Safe to repeat.</summary>
    /// <returns>How many messages were decided again; 0 for a folder without a rule, or whose rule has no record.</returns>
    /// <exception cref="MailServerException">The mailbox cannot be read now.</exception>
    [Alias("RelinkFolder")]
    [ResponseTimeout("00:10:00")]
    Task<int> RelinkFolderAsync(string folder, CancellationToken cancellationToken = default);

    /// <summary>
    /// Compares what the server has in the followed folders with what was decided, and has decided what was not: for an audit, and to
    /// bring in mail from before the start date. Safe to repeat: it goes on where it was.
    /// </summary>
    /// <param name="request">From when on, and what to do.</param>
    /// <param name="cancellationToken">Ends it; what was decided stays.</param>
    /// <exception cref="MailServerException">The mailbox cannot be read now.</exception>
    [Alias("Compare")]
    [ResponseTimeout("00:10:00")]
    Task<MailboxComparison> CompareAsync(ComparisonRequest request, CancellationToken cancellationToken = default);
}

/// <summary>What to compare.</summary>
/// <param name="Since">Mail that the server received on this day or later.</param>
/// <param name="IsBackfill">Whether what is found is old mail: it makes no records.</param>
/// <param name="DecideMax">How many messages are tried by this call at most, 0 to 10,000: the caller asks again for the rest.</param>
[GenerateSerializer, Immutable, Alias("ComparisonRequest")]
public sealed record ComparisonRequest(
    [property: Id(0)] DateOnly Since, [property: Id(1)] bool IsBackfill, [property: Id(2)] int DecideMax)
{
    /// <summary>
    /// By the name of a folder, the last message that was tried there (<see cref="FolderComparison.Last"/>): only later ones are, so that
    /// messages that cannot be decided do not keep the others from it.
    /// </summary>
    [Id(3)]
    public ImmutableDictionary<string, ItemId> After { get; init; } = ImmutableDictionary<string, ItemId>.Empty;
}

/// <summary>What the server has, against what was decided.</summary>
/// <param name="Folders">By folder.</param>
[GenerateSerializer, Immutable, Alias("MailboxComparison")]
public sealed record MailboxComparison([property: Id(0)] ImmutableArray<FolderComparison> Folders)
{
    /// <summary>How many messages of the server are not decided yet.</summary>
    public int Missing => Folders.Sum(folder => folder.Observed - folder.Decided);
}

/// <summary>What one folder has, against what was decided.</summary>
/// <param name="Folder">Its name.</param>
/// <param name="Observed">How many messages the server has.</param>
/// <param name="Decided">Of how many of them something was decided.</param>
/// <param name="Tracked">How many of them are tracked now.</param>
/// <param name="NotTracked">Why the others are not: how many for each reason.</param>
/// <param name="DecidedNow">How many this call had decided.</param>
[GenerateSerializer, Immutable, Alias("FolderComparison")]
public sealed record FolderComparison(
    [property: Id(0)] string Folder,
    [property: Id(1)] int Observed,
    [property: Id(2)] int Decided,
    [property: Id(3)] int Tracked,
    [property: Id(4)] ImmutableDictionary<ReasonCode, int> NotTracked,
    [property: Id(5)] int DecidedNow)
{
    /// <summary>How many messages this call tried, decided or not.</summary>
    [Id(6)]
    public int TriedNow { get; init; }

    /// <summary>The last message that was tried, by this call or before: where the next one goes on.</summary>
    [Id(7)]
    public ItemId Last { get; init; }
}

/// <summary>What opening a mailbox came to.</summary>
/// <param name="Abilities">What the server can do; null when it could not be opened.</param>
/// <param name="Folders">The names of its folders, at most 1,000, the Inbox first.</param>
/// <param name="Problem">What happened; null when it could be opened.</param>
/// <param name="NextStep">What to do about it.</param>
[GenerateSerializer, Immutable, Alias("MailboxTest")]
public sealed record MailboxTest(
    [property: Id(0)] ServerAbilities? Abilities,
    [property: Id(1)] ImmutableArray<string> Folders,
    [property: Id(2)] string? Problem,
    [property: Id(3)] string? NextStep);

/// <summary>How a mailbox is read, and how that goes.</summary>
/// <param name="Connection">How it is read.</param>
/// <param name="Health">How that goes.</param>
/// <param name="Folders">Its folders, by number.</param>
[GenerateSerializer, Immutable, Alias("MailboxStatus")]
public sealed record MailboxStatus(
    [property: Id(0)] MailboxConnection Connection,
    [property: Id(1)] MailboxHealth Health,
    [property: Id(2)] ImmutableArray<FollowedFolder> Folders)
{
    /// <summary>Why changes in some folders are looked for, though its server says that it tells of them; null otherwise.</summary>
    [Id(3)]
    public string? WatchProblem { get; init; }
}
