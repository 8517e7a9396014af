using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Organizations;

/// <summary>Settings that say which records a mail belongs to: parties, regarding, queue items.</summary>
internal static class ResolvingCatalogue
{
    public static ImmutableArray<SettingDefinition> All { get; } =
    [
        SettingDefinition.Switch(
            "UnresolveEmailAddressIfMultipleMatch",
            "Whether a recipient is one unresolved party, not every record, when several records have the address.",
            false,
            settings => settings.LeavesAmbiguousRecipients,
            (settings, value) => settings with { LeavesAmbiguousRecipients = value }),
        SettingDefinition.Switch(
            "UnresolveSenderInCaseOfMultipleMatch",
            "Whether a sender stays unresolved whose address several records have. Its default in Dynamics is not documented.",
            null,
            settings => settings.LeavesAmbiguousSenders,
            (settings, value) => settings with { LeavesAmbiguousSenders = value }),
        Parties(
            "ResolveForInactiveEntities",
            "Whether inactive records count among several of one address, after the active ones. A single one counts either way, a disabled user never.",
            false,
            one => one.ResolvesInactive,
            (one, value) => one with { ResolvesInactive = value }),
        Parties(
            "AutoCreateContactOnPromote",
            "Whether the unknown sender of a mail that a person tracks becomes a contact, or a lead where the mailbox makes leads.",
            true,
            one => one.CreatesForTracked,
            (one, value) => one with { CreatesForTracked = value }),
        Parties(
            "IgnoreSubaddress",
            "Whether ana+news@contoso.com stands for the records of ana@contoso.com when none has the longer one. Ours (RFC 5233).",
            null,
            one => one.IgnoresSubaddress,
            (one, value) => one with { IgnoresSubaddress = value }) with
        {
            Preset = "false",
        },
        new(
            "RegardingFromSender",
            "What a mail that correlates with nothing is about: nothing (off), proposals among its sender's open cases, opportunities and account " +
            "(suggest), or the one of them when there is exactly one (link). Ours.",
            "off, suggest or link",
            null,
            settings => Text(settings.Parties.RegardingFromSender),
            WriteRegarding)
        {
            Kind = ValueKind.OneOf("off", "suggest", "link"),
            Preset = "off",
        },
        Queues(
            "CreateQueueItemsForAcceptingQueueRecipients",
            "Whether queues among the recipients of a tracked mail get a queue item.",
            true,
            one => one.ForRecipients,
            (one, value) => one with { ForRecipients = value }),
        Queues(
            "CreateQueueItemForSynchronizingMailbox",
            "Whether the queue gets a queue item in whose mailbox a tracked mail lies, also by Bcc or list.",
            true,
            one => one.ForSyncingMailbox,
            (one, value) => one with { ForSyncingMailbox = value }),
        Queues(
            "SSSCreateAdditionalQueueItemsForAlreadyTrackedEmail",
            "Whether queues that are reached later by a mail that is tracked already get a queue item too. Off: the order of arrival decides.",
            false,
            one => one.ForTrackedMail,
            (one, value) => one with { ForTrackedMail = value }),
    ];

    private static SettingDefinition Parties(
        string name, string meaning, bool? inDynamics, Func<PartySettings, bool> read, Func<PartySettings, bool, PartySettings> write) =>
        SettingDefinition.Switch(
            name, meaning, inDynamics, settings => read(settings.Parties), (settings, value) => settings with { Parties = write(settings.Parties, value) });

    private static SettingDefinition Queues(
        string name, string meaning, bool inDynamics, Func<QueueSettings, bool> read, Func<QueueSettings, bool, QueueSettings> write) =>
        SettingDefinition.Switch(
            name, meaning, inDynamics, settings => read(settings.Queues), (settings, value) => settings with { Queues = write(settings.Queues, value) });

    private static string Text(RegardingFromSender value) => value switch
    {
        RegardingFromSender.Link => "link",
        RegardingFromSender.Suggest => "suggest",
        _ => "off",
    };

    private static WrittenSetting WriteRegarding(TrackingSettings settings, string text)
    {
        var value = Enum.GetValues<RegardingFromSender>().Where(one => Text(one).Equals(text, StringComparison.OrdinalIgnoreCase)).ToArray();
        return value.Length == 1
            ? new WrittenSetting(settings with { Parties = settings.Parties with { RegardingFromSender = value[0] } }, null)
            : new WrittenSetting(null, $"RegardingFromSender takes off, suggest or link, not '{SettingText.Shown(text)}'.");
    }
}
