using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Organizations;

/// <summary>Settings that say whose filter is asked, what internal mail is, and what ties a mail to others.</summary>
internal static class AcceptanceCatalogue
{
    public static ImmutableArray<SettingDefinition> All { get; } =
    [
        SettingDefinition.Switch(
            "AutoTrackSentFolderItems",
            "Whether mail in Sent Items is tracked by its mailbox's filter. A mailbox may choose otherwise.",
            false,
            settings => settings.TracksSentItems,
            (settings, value) => settings with { TracksSentItems = value }),
        SettingDefinition.Number(
            "SSSForceFilteringMethodForUserMailboxes",
            "The filter of every user's mailbox, whatever its owner chose; -1: each has its own. Queues are not meant.",
            " (a filter)",
            -1,
            4,
            "-1",
            settings => (int?)settings.Acceptance.ForcedUserFilter ?? -1,
            (settings, value) => With(settings, one => one with { ForcedUserFilter = value < 0 ? null : (FilterMethod)value })) with
        {
            Kind = ValueKind.Filter(-1),
        },
        Acceptance(
            "UseFilteringMethodOfSyncingMailboxOnlyForCorrelation",
            "Whether only the mailbox decides where a mail lies. Off: every recipient's does, so one that takes all mail lets it in for all.",
            false,
            one => one.AsksSyncingMailboxOnly,
            (one, value) => one with { AsksSyncingMailboxOnly = value }),
        Acceptance(
            "HideTrackAllOption",
            "Whether nobody may choose to track all mail. A choice made before stands.",
            false,
            one => one.HidesAll,
            (one, value) => one with { HidesAll = value }),
        Acceptance(
            "HideEmailAutoTrackOptions",
            "Whether nobody may choose a filter that tracks more than answers. A choice made before stands.",
            false,
            one => one.HidesAutoTrack,
            (one, value) => one with { HidesAutoTrack = value }),
        Acceptance(
            "DoNotAutoTrackEmail",
            "Whether no filter tracks anything; tracked folders and people still do. The public pages give both defaults.",
            false,
            one => one.IsOff,
            (one, value) => one with { IsOff = value }),
        Acceptance(
            "OverrideV5SenderConflictResolution",
            "Whether a sender whose address several records have counts as none for filters 2 and 3.",
            false,
            one => one.RefusesSharedSenders,
            (one, value) => one with { RefusesSharedSenders = value }),
        Acceptance(
            "OverrideTrackInCrmBehaviour",
            "Whether who tracks a mail by hand has to say what it is about.",
            false,
            one => one.TrackNeedsRegarding,
            (one, value) => one with { TrackNeedsRegarding = value }),
        Acceptance(
            "IsFolderBasedTrackingEnabled",
            "Whether tracked folders count.",
            true,
            one => one.TracksFolders,
            (one, value) => one with { TracksFolders = value }),
        Acceptance(
            "TrackedFolderRegardingFirst",
            "Whether the record of the tracked folder where a mail lies, or last lay, goes before all else, even before what people said.",
            true,
            one => one.PutsFoldersFirst,
            (one, value) => one with { PutsFoldersFirst = value }),
        SettingDefinition.Switch(
            "TrackCategorizedItems",
            "Whether the label $Tracked of a message stands for the category 'Tracked to Dynamics 365': to set it tracks, to remove it untracks.",
            true,
            settings => settings.TracksCategories,
            (settings, value) => settings with { TracksCategories = value }),
        new(
            "TrackCategorizedItemsTeams",
            "With TrackCategorizedItems: the teams whose mailboxes it is for, as the mailbox option Teams names them; none: all mailboxes. Ours.",
            SettingText.TeamsRange,
            null,
            settings => SettingText.Of(settings.CategoryTeams, ','),
            (settings, text) =>
            {
                var teams = SettingText.Teams(text, out var problem);
                return problem is null
                    ? new(settings with { CategoryTeams = teams }, null)
                    : new(null, $"TrackCategorizedItemsTeams: {problem}");
            })
        {
            Kind = new ValueKind.List(','),
        },
        Internal(
            "IgnoreInternalEmail",
            "Whether the sent and the received copy of a mail are one activity. Off: two, each tracked by its own mailbox.",
            false,
            one => one.IsOneActivity,
            (one, value) => one with { IsOneActivity = value }),
        Internal(
            "IgnoreInternalEmailDetectionEnhancement",
            "With IgnoreInternalEmail: whether copies are compared. Off: every mail received from a user is refused.",
            true,
            one => one.ComparesCopies,
            (one, value) => one with { ComparesCopies = value }),
        Internal(
            "DoNotIgnoreInternalEmailToQueues",
            "With IgnoreInternalEmail: whether a queue takes what users send it even when the sent copy is tracked.",
            true,
            one => one.ReachesQueues,
            (one, value) => one with { ReachesQueues = value }),
        Internal(
            "IgnoreInternalEmailFromQueues",
            "Whether received copies of mail from a queue are refused once the sent copy is tracked.",
            false,
            one => one.RefusesFromQueues,
            (one, value) => one with { RefusesFromQueues = value }),
        Correlation(
            "UseTrackingTokens",
            "Whether tokens in subjects tie a mail to its conversation.",
            true,
            one => one.UsesTokens,
            (one, value) => one with { UsesTokens = value }),
        Correlation(
            "IgnoreConversationIndexAndInReplyToForCorrelation",
            "Whether In-Reply-To, References and Thread-Index do not count.",
            false,
            one => one.IgnoresHeaders,
            (one, value) => one with { IgnoresHeaders = value }),
        Correlation(
            "DoNotCorrelateForwardedEmailsAsReplies",
            "Whether a forward, told by its subject's prefix, starts a conversation of its own, and what is said below it stays there.",
            false,
            one => one.ForwardsAnswerNothing,
            (one, value) => one with { ForwardsAnswerNothing = value }),
        TokenPrefix.Setting,
    ];

    private static SettingDefinition Acceptance(
        string name, string meaning, bool inDynamics, Func<AcceptanceSettings, bool> read, Func<AcceptanceSettings, bool, AcceptanceSettings> write) =>
        SettingDefinition.Switch(
            name, meaning, inDynamics, settings => read(settings.Acceptance), (settings, value) => With(settings, one => write(one, value)));

    private static SettingDefinition Internal(
        string name, string meaning, bool inDynamics, Func<InternalMailSettings, bool> read, Func<InternalMailSettings, bool, InternalMailSettings> write) =>
        SettingDefinition.Switch(
            name,
            meaning,
            inDynamics,
            settings => read(settings.InternalMail),
            (settings, value) => settings with { InternalMail = write(settings.InternalMail, value) });

    private static SettingDefinition Correlation(
        string name, string meaning, bool inDynamics, Func<CorrelationSettings, bool> read, Func<CorrelationSettings, bool, CorrelationSettings> write) =>
        SettingDefinition.Switch(
            name,
            meaning,
            inDynamics,
            settings => read(settings.Correlation),
            (settings, value) => settings with { Correlation = write(settings.Correlation, value) });

    private static TrackingSettings With(TrackingSettings settings, Func<AcceptanceSettings, AcceptanceSettings> change) =>
        settings with { Acceptance = change(settings.Acceptance) };
}
