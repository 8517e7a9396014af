using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Organizations;

/// <summary>Settings that keep mail out of tracking. All of them are ours: Dynamics has none.</summary>
internal static class PrivacyCatalogue
{
    private const string Patterns = "addresses and domains with commas between; none";
    private const string Labels = "headers such as 'Sensitivity: Private' with semicolons between; none";
    private const int DaysMax = 36_500;

    private delegate ImmutableArray<string> ListReader(string text, out string? problem);

    public static ImmutableArray<SettingDefinition> All { get; } =
    [
        List(
            "BlockedSenders",
            "Whose mail no filter tracks; a domain stands for all below it. Tracked folders and people still track it.",
            Patterns,
            ',',
            SettingText.Patterns,
            one => one.BlockedSenders,
            (one, value) => one with { BlockedSenders = value }),
        List(
            "NeverTrack",
            "Whose mail nothing tracks, neither a filter nor a folder nor a person.",
            Patterns,
            ',',
            SettingText.Patterns,
            one => one.NeverTracked,
            (one, value) => one with { NeverTracked = value }),
        Switch(
            "NeverTrackNeedsAll",
            "Whether all participants from outside have to be on the list NeverTrack. Off: any one of all participants is enough.",
            one => one.NeverTrackedNeedsAll,
            (one, value) => one with { NeverTrackedNeedsAll = value }),
        Switch(
            "IgnoreInternalOnlyEmail",
            "Whether no filter tracks mail in which only our own users and queues take part.",
            one => one.LeavesOutInternalOnly,
            (one, value) => one with { LeavesOutInternalOnly = value }),
        List(
            "ExcludedHeaders",
            "Mail with one of these headers is tracked by no filter.",
            Labels,
            ';',
            SettingText.Labels,
            one => one.ExcludedHeaders,
            (one, value) => one with { ExcludedHeaders = value }),
        List(
            "RequiredHeaders",
            "Only mail with one of these headers is tracked by a filter; none: any mail.",
            Labels,
            ';',
            SettingText.Labels,
            one => one.RequiredHeaders,
            (one, value) => one with { RequiredHeaders = value }),
        List(
            "ExcludedKeywords",
            "Mail with one of these words in its subject is tracked by no filter; whole words, in any case.",
            "words of 2 to 100 characters with commas between; none",
            ',',
            SettingText.Words,
            one => one.ExcludedKeywords,
            (one, value) => one with { ExcludedKeywords = value }),
        SettingDefinition.Number(
            "RetentionDays",
            "How many days after its receipt a tracked mail is kept; then only digests are, and no copy is tracked again. 0: for ever.",
            " days",
            0,
            DaysMax,
            null,
            settings => settings.Privacy.RetentionDays,
            (settings, value) => With(settings, one => one with { RetentionDays = value })),
    ];

    private static SettingDefinition Switch(
        string name, string meaning, Func<PrivacySettings, bool> read, Func<PrivacySettings, bool, PrivacySettings> write) =>
        SettingDefinition.Switch(
            name, meaning, null, settings => read(settings.Privacy), (settings, value) => With(settings, one => write(one, value)));

    private static SettingDefinition List(
        string name,
        string meaning,
        string range,
        char separator,
        ListReader reader,
        Func<PrivacySettings, ImmutableArray<string>> read,
        Func<PrivacySettings, ImmutableArray<string>, PrivacySettings> write) => new(
            name,
            meaning,
            range,
            null,
            settings => SettingText.Of(read(settings.Privacy), separator),
            (settings, text) =>
            {
                var entries = reader(text, out var problem);
                return problem is null
                    ? new WrittenSetting(With(settings, one => write(one, entries)), null)
                    : new WrittenSetting(null, $"{name}: {problem}");
            })
        {
            Kind = new ValueKind.List(separator),
        };

    private static TrackingSettings With(TrackingSettings settings, Func<PrivacySettings, PrivacySettings> change) =>
        settings with { Privacy = change(settings.Privacy) };
}
