using System.Collections.Immutable;
using EmailTracking.Organizations;
using EmailTracking.Silo.Pages.Choosing;

namespace EmailTracking.Silo.Pages.Settings;

/// <summary>How a setting is labelled.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">The label, the admin centre's where it has one there.</param>
/// <param name="Opposite">What it does, when the label says the opposite of the name: on is false. Null when it does not.</param>
public sealed record SettingLabel(string Name, string Label, string? Opposite = null)
{
    /// <summary>What it does, as the label has it.</summary>
    public string Meaning => Opposite ?? Definition.Meaning;

    /// <summary>Whether on is false.</summary>
    public bool IsInverted => Opposite is not null;

    /// <summary>The setting.</summary>
    public SettingDefinition Definition { get; } = SettingCatalogue.Find(Name)!;
}

/// <summary>Settings that stand together.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Labels">The settings, in order.</param>
public sealed record SettingSection(string Title, ImmutableArray<SettingLabel> Labels);

/// <summary>The settings with the labels and in the order of System settings > Email tracking in the admin centre; those that it has not come after.</summary>
public static class SettingLabels
{
    /// <summary>The sections.</summary>
    public static ImmutableArray<SettingSection> Sections { get; } =
    [
        new("Email tracking",
        [
            new(
                "IgnoreConversationIndexAndInReplyToForCorrelation",
                "Use correlation to track email conversations",
                "Whether In-Reply-To, References and Thread-Index tie a mail to its conversation."),
            new("UseTrackingTokens", "Use tracking tokens"),
            new("TrackingPrefix", "Prefix"),
            new("IsFolderBasedTrackingEnabled", "Use folder-level tracking"),
            new("TrackCategorizedItems", "Use categories"),
            new("TrackCategorizedItemsTeams", "Categories only for these teams"),
            new("AutoTrackSentFolderItems", "Track outgoing mail automatically"),
            new(
                "IgnoreInternalEmail",
                "Track email between users as two activities",
                "Whether the sent and the received copy of a mail are two activities, each tracked by its own mailbox. Off: one."),
        ]),
        new("Which mail is tracked",
        [
            new("SSSForceFilteringMethodForUserMailboxes", "One filter for all users"),
            new("UseFilteringMethodOfSyncingMailboxOnlyForCorrelation", "Only the filter of the mailbox where the mail lies"),
            new("HideTrackAllOption", "Nobody may choose to track all mail"),
            new("HideEmailAutoTrackOptions", "Nobody may choose more than answers"),
            new("DoNotAutoTrackEmail", "No filter tracks anything"),
            new("OverrideV5SenderConflictResolution", "Senders of shared addresses count as none"),
            new("OverrideTrackInCrmBehaviour", "Track asks what the mail is about"),
            new("DoNotCorrelateForwardedEmailsAsReplies", "Forwards start a conversation of their own"),
        ]),
        new("Mail among users",
        [
            new("IgnoreInternalEmailDetectionEnhancement", "Compare the copies"),
            new("DoNotIgnoreInternalEmailToQueues", "Queues take what users send them"),
            new("IgnoreInternalEmailFromQueues", "Leave out copies of mail from queues"),
        ]),
        new("Parties and what mail is about",
        [
            new("UnresolveEmailAddressIfMultipleMatch", "Recipients of shared addresses stay unresolved"),
            new("UnresolveSenderInCaseOfMultipleMatch", "Senders of shared addresses stay unresolved"),
            new("ResolveForInactiveEntities", "Inactive records count too"),
            new("IgnoreSubaddress", "Subaddresses stand for the address before the plus"),
            new("AutoCreateContactOnPromote", "Who tracks mail of an unknown sender makes a record"),
            new("RegardingFromSender", "What mail without a conversation is about"),
            new("TrackedFolderRegardingFirst", "The record of a tracked folder goes first"),
        ]),
        new("Queues",
        [
            new("CreateQueueItemsForAcceptingQueueRecipients", "Queue items for queues among the recipients"),
            new("CreateQueueItemForSynchronizingMailbox", "Queue items for the queue where the mail lies"),
            new("SSSCreateAdditionalQueueItemsForAlreadyTrackedEmail", "Queue items for queues that are reached later"),
        ]),
        new("Private mail",
        [
            new("BlockedSenders", "Blocked senders"),
            new("NeverTrack", "Never track"),
            new("NeverTrackNeedsAll", "Never track needs all from outside"),
            new("IgnoreInternalOnlyEmail", "Leave out mail among ourselves"),
            new("ExcludedHeaders", "Leave out mail with these headers"),
            new("RequiredHeaders", "Only mail with these headers"),
            new("ExcludedKeywords", "Leave out mail with these words in its subject"),
            new("RetentionDays", "Keep tracked mail for days"),
        ]),
    ];

    /// <summary>What a value of a setting is called.</summary>
    public static string Of(SettingDefinition setting, string value) =>
        setting.Name == "SSSForceFilteringMethodForUserMailboxes" ? FilterWords.Of(value) : value;
}
