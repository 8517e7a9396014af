using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Organizations;

/// <summary>One setting of an organization, and how text becomes its value.</summary>
/// <param name="Name">Its name: Dataverse's, where it has one there.</param>
/// <param name="Meaning">What it does, in a sentence.</param>
/// <param name="Range">What it takes.</param>
/// <param name="DefaultInDynamics">What it is in Dynamics 365 until somebody sets it.</param>
/// <param name="Read">Its value as text.</param>
/// <param name="Write">Settings with another value, or what is wrong with it.</param>
public sealed record SettingDefinition(
    string Name,
    string Meaning,
    string Range,
    string DefaultInDynamics,
    Func<TrackingSettings, string> Read,
    Func<TrackingSettings, string, WrittenSetting> Write)
{
    private const int PrefixLengthMax = 20;

    // organization.trackingprefix: all prefixes that ever were in use.
    private const int PrefixesLengthMax = 256;

    /// <summary>Every setting, by name.</summary>
    public static ImmutableArray<SettingDefinition> All { get; } =
    [
        Switch(
            "AutoTrackSentFolderItems",
            "Whether mail in Sent Items is tracked by its mailbox's filter.",
            "false",
            settings => settings.TracksSentItems,
            (settings, value) => settings with { TracksSentItems = value }),
        new(
            "TrackingPrefix",
            "What a tracking token in a subject begins with. Prefixes that were in use before still count.",
            $"1 to {PrefixLengthMax} characters, no blanks, no digit at the end",
            "CRM:",
            settings => settings.TokenPrefixes[0],
            WritePrefix),
        Switch(
            "UnresolveEmailAddressIfMultipleMatch",
            "Whether a recipient is one unresolved party, not every record, when several records have the address.",
            "false",
            settings => settings.LeavesAmbiguousRecipients,
            (settings, value) => settings with { LeavesAmbiguousRecipients = value }),
        Switch(
            "UnresolveSenderInCaseOfMultipleMatch",
            "Whether a sender stays unresolved whose address several records have.",
            "not documented",
            settings => settings.LeavesAmbiguousSenders,
            (settings, value) => settings with { LeavesAmbiguousSenders = value }),
    ];

    /// <summary>What it is here until somebody sets it.</summary>
    public string Default => Read(new TrackingSettings());

    /// <summary>The setting of a name, in any case; null when there is none.</summary>
    public static SettingDefinition? Find(string name) =>
        All.FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>What to say of a name that is no setting's.</summary>
    public static string Unknown(string name) => $"There is no setting '{name}'. See: emailtracking settings list";

    private static SettingDefinition Switch(
        string name,
        string meaning,
        string defaultInDynamics,
        Func<TrackingSettings, bool> read,
        Func<TrackingSettings, bool, TrackingSettings> write) => new(
            name,
            meaning,
            "true or false",
            defaultInDynamics,
            settings => read(settings) ? "true" : "false",
            (settings, text) => bool.TryParse(text, out var value)
                ? new WrittenSetting(write(settings, value), null)
                : new WrittenSetting(null, $"{name} takes true or false, not '{text}'."));

    private static WrittenSetting WritePrefix(TrackingSettings settings, string text)
    {
        if (text.Length is 0 or > PrefixLengthMax || text.Any(one => char.IsWhiteSpace(one) || char.IsControl(one)) || char.IsDigit(text[^1]))
        {
            return new WrittenSetting(
                null, $"TrackingPrefix takes 1 to {PrefixLengthMax} characters without blanks and without a digit at the end, not '{text}'.");
        }

        ImmutableArray<string> prefixes = [text, .. settings.TokenPrefixes.Where(prefix => prefix != text)];
        return prefixes.Sum(prefix => prefix.Length) <= PrefixesLengthMax
            ? new WrittenSetting(settings with { TokenPrefixes = prefixes }, null)
            : new WrittenSetting(
                null, $"All prefixes that were ever in use have more than {PrefixesLengthMax} characters together. Use one of those again.");
    }
}

/// <summary>What writing a value comes to.</summary>
/// <param name="Settings">The settings with it; null when it cannot be.</param>
/// <param name="Problem">Then: what is wrong, and what to do.</param>
public readonly record struct WrittenSetting(TrackingSettings? Settings, string? Problem);
