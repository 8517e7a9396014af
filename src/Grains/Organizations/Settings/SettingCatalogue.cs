using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Organizations;

/// <summary>Every setting of an organization that has an effect, and the presets.</summary>
public static class SettingCatalogue
{
    private const int NearestMax = 3;

    /// <summary>The settings, by name.</summary>
    public static ImmutableArray<SettingDefinition> All { get; } =
    [
        .. AcceptanceCatalogue.All.Concat(ResolvingCatalogue.All).Concat(PrivacyCatalogue.All).OrderBy(setting => setting.Name, StringComparer.Ordinal),
    ];

    /// <summary>The names of the presets: ours, and parity with Dynamics.</summary>
    public static ImmutableArray<string> Presets { get; } = ["default", "dynamics"];

    /// <summary>The setting of a name, in any case; null when there is none.</summary>
    public static SettingDefinition? Find(string name) =>
        All.FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>What differs between two versions, for example <c>TrackCategorizedItems: false -> true</c>; empty when nothing does.</summary>
    public static string ChangesOf(TrackingSettings before, TrackingSettings after) => string.Join(", ", All
        .Where(one => one.Read(before) != one.Read(after))
        .Select(one => $"{one.Name}: {one.Read(before)} -> {one.Read(after)}"));

    /// <summary>What to say of a name that is no setting's: why it is not supported, or which names are near.</summary>
    public static string Unknown(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (UnsupportedSetting.Find(name) is { } known)
        {
            return $"{known.Name} has no effect here: {known.Reason}.";
        }

        var near = All.Where(setting => setting.Name.Contains(name, StringComparison.OrdinalIgnoreCase)).Take(NearestMax).Select(one => one.Name).ToArray();
        return near.Length > 0
            ? $"There is no setting '{SettingText.Shown(name)}'. Did you mean {string.Join(" or ", near)}?"
            : $"There is no setting '{SettingText.Shown(name)}'. See: emailtracking settings list";
    }

    /// <summary>Settings as a preset wants them; lists, prefixes and whatever both presets agree on stay as they are.</summary>
    /// <param name="settings">The settings in force.</param>
    /// <param name="preset">One of <see cref="Presets"/>, in any case.</param>
    /// <returns>Null when there is no such preset.</returns>
    public static TrackingSettings? Apply(TrackingSettings settings, string preset)
    {
        ArgumentNullException.ThrowIfNull(preset);
        var isOurs = preset.Equals(Presets[0], StringComparison.OrdinalIgnoreCase);
        return isOurs || preset.Equals(Presets[1], StringComparison.OrdinalIgnoreCase)
            ? All.Where(setting => setting.Preset is not null)
                .Aggregate(settings, (before, setting) => setting.Write(before, isOurs ? setting.Default : setting.Preset!).Settings!)
            : null;
    }
}
