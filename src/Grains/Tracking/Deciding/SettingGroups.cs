using System.Collections.Immutable;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Whose filter is asked, and who may choose which.</summary>
[GenerateSerializer, Immutable, Alias("AcceptanceSettings")]
public sealed record AcceptanceSettings
{
    /// <summary>The filter of every user's mailbox, whatever the users chose; null: their own. Source: <c>SSSForceFilteringMethodForUserMailboxes</c>.</summary>
    [Id(0)]
    public FilterMethod? ForcedUserFilter { get; init; }

    /// <summary>Whether only the mailbox decides where the mail lies, not every recipient's. Default: true.</summary>
    /// <remarks>Source: <c>UseFilteringMethodOfSyncingMailboxOnlyForCorrelation</c>.</remarks>
    [Id(1)]
    public bool AsksSyncingMailboxOnly { get; init; } = true;

    /// <summary>Whether nobody may choose to track all mail. Source: <c>HideTrackAllOption</c>.</summary>
    [Id(2)]
    public bool HidesAll { get; init; }

    /// <summary>Whether nobody may choose any filter that tracks more than replies. Source: <c>HideEmailAutoTrackOptions</c>.</summary>
    [Id(3)]
    public bool HidesAutoTrack { get; init; }

    /// <summary>Whether no filter tracks anything; folders and people do. Source: <c>DoNotAutoTrackEmail</c>.</summary>
    [Id(4)]
    public bool IsOff { get; init; }

    /// <summary>Whether a sender whose address several records have counts as none for the filter. Source: <c>OverrideV5SenderConflictResolution</c>.</summary>
    [Id(5)]
    public bool RefusesSharedSenders { get; init; }

    /// <summary>Whether who tracks by hand has to say what the mail is about. Source: <c>OverrideTrackInCrmBehaviour</c>.</summary>
    [Id(6)]
    public bool TrackNeedsRegarding { get; init; }

    /// <summary>Whether tracked folders count. Default: true. Source: <c>organization.isfolderbasedtrackingenabled</c>.</summary>
    [Id(7)]
    public bool TracksFolders { get; init; } = true;

    /// <summary>Whether the record of a mail's tracked folder goes before all else, even before what people said. Default: false.</summary>
    [Id(8)]
    public bool PutsFoldersFirst { get; init; }
}

/// <summary>Mail between our own users and queues.</summary>
[GenerateSerializer, Immutable, Alias("InternalMailSettings")]
public sealed record InternalMailSettings
{
    /// <summary>Whether the sent and the received copies of a mail are one activity, not two. Default: true. Source: <c>organization.ignoreinternalemail</c>.</summary>
    [Id(0)]
    public bool IsOneActivity { get; init; } = true;

    /// <summary>Whether only the copies of a mail that is tracked as sent are internal. Default: true.</summary>
    /// <remarks>Source: <c>IgnoreInternalEmailDetectionEnhancement</c>. Off: every received mail of a user is refused.</remarks>
    [Id(1)]
    public bool ComparesCopies { get; init; } = true;

    /// <summary>Whether a queue takes what users send it all the same. Default: true. Source: <c>DoNotIgnoreInternalEmailToQueues</c>.</summary>
    [Id(2)]
    public bool ReachesQueues { get; init; } = true;

    /// <summary>Whether received copies of what a queue sent are refused. Source: <c>IgnoreInternalEmailFromQueues</c>.</summary>
    [Id(3)]
    public bool RefusesFromQueues { get; init; }
}

/// <summary>What ties a mail to its conversation.</summary>
[GenerateSerializer, Immutable, Alias("CorrelationSettings")]
public sealed record CorrelationSettings
{
    /// <summary>Whether tokens in subjects count. Default: true.</summary>
    [Id(0)]
    public bool UsesTokens { get; init; } = true;

    /// <summary>Whether In-Reply-To, References and Thread-Index do not count. Source: <c>IgnoreConversationIndexAndInReplyToForCorrelation</c>.</summary>
    [Id(1)]
    public bool IgnoresHeaders { get; init; }

    /// <summary>Whether a forward answers nothing by its headers. Source: <c>DoNotCorrelateForwardedEmailsAsReplies</c>.</summary>
    [Id(2)]
    public bool ForwardsAnswerNothing { get; init; }
}

/// <summary>What a mail that correlates with nothing is about, by its sender.</summary>
public enum RegardingFromSender
{
    /// <summary>Nothing.</summary>
    Off = 0,

    /// <summary>Nothing, and the sender's open cases and opportunities and its account are proposed.</summary>
    Suggest = 1,

    /// <summary>The one record that would be proposed; several are only proposed.</summary>
    Link = 2,
}

/// <summary>Which records participants stand for.</summary>
[GenerateSerializer, Immutable, Alias("PartySettings")]
public sealed record PartySettings
{
    /// <summary>Whether inactive records count among several of one address. Default: true. Source: <c>ResolveForInactiveEntities</c>.</summary>
    [Id(0)]
    public bool ResolvesInactive { get; init; } = true;

    /// <summary>Whether <c>ana+news@contoso.com</c> stands for the records of <c>ana@contoso.com</c> when none has it itself.</summary>
    [Id(1)]
    public bool IgnoresSubaddress { get; init; }

    /// <summary>What the sender of a mail that correlates with nothing says of its regarding. Default: suggest.</summary>
    [Id(2)]
    public RegardingFromSender RegardingFromSender { get; init; } = RegardingFromSender.Suggest;

    /// <summary>
    /// Whether an unknown sender of mail that a person tracks becomes a contact, or a lead where the mailbox makes leads. Default: true.
    /// Source: <c>AutoCreateContactOnPromote</c>.
    /// </summary>
    [Id(3)]
    public bool CreatesForTracked { get; init; } = true;
}

/// <summary>Queue items (Dataverse table <c>queueitem</c>): one at most for each queue and email.</summary>
[GenerateSerializer, Immutable, Alias("QueueSettings")]
public sealed record QueueSettings
{
    /// <summary>Whether queues among the recipients get one. Default: true. Source: <c>CreateQueueItemsForAcceptingQueueRecipients</c>.</summary>
    [Id(0)]
    public bool ForRecipients { get; init; } = true;

    /// <summary>Whether the queue gets one in whose mailbox the mail lies. Default: true. Source: <c>CreateQueueItemForSynchronizingMailbox</c>.</summary>
    [Id(1)]
    public bool ForSyncingMailbox { get; init; } = true;

    /// <summary>Whether mail that is tracked already gives further queues one. Default: true.</summary>
    /// <remarks>Source: <c>SSSCreateAdditionalQueueItemsForAlreadyTrackedEmail</c>.</remarks>
    [Id(2)]
    public bool ForTrackedMail { get; init; } = true;
}

/// <summary>Mail that is nobody's business.</summary>
[GenerateSerializer, Immutable, Alias("PrivacySettings")]
public sealed record PrivacySettings
{
    /// <summary>Whose mail no filter tracks: addresses and domains. A tracked folder or a person still does.</summary>
    [Id(0)]
    public ImmutableArray<string> BlockedSenders { get; init; } = [];

    /// <summary>Whose mail nothing tracks, not even a person: addresses and domains.</summary>
    [Id(1)]
    public ImmutableArray<string> NeverTracked { get; init; } = [];

    /// <summary>Whether all outside participants have to be on the list, not any one.</summary>
    [Id(2)]
    public bool NeverTrackedNeedsAll { get; init; }

    /// <summary>Whether no filter tracks mail in which only our users and queues take part.</summary>
    [Id(3)]
    public bool LeavesOutInternalOnly { get; init; }

    /// <summary>Headers whose mail no filter tracks, as <c>name: value</c>.</summary>
    [Id(4)]
    public ImmutableArray<string> ExcludedHeaders { get; init; } = [];

    /// <summary>Headers of which a mail needs one for a filter to track it, as <c>name: value</c>; none: no mail needs any.</summary>
    [Id(5)]
    public ImmutableArray<string> RequiredHeaders { get; init; } = [];

    /// <summary>Words in a subject whose mail no filter tracks.</summary>
    [Id(6)]
    public ImmutableArray<string> ExcludedKeywords { get; init; } = [];

    /// <summary>After how many days of its receipt of a tracked mail only digests are kept; 0: never. 0 to 36,500.</summary>
    [Id(7)]
    public int RetentionDays { get; init; }
}
