using System.Collections.Immutable;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Pages.Settings;

/// <summary>The settings, as their page shows them.</summary>
/// <param name="Settings">The settings in force.</param>
/// <param name="History">Their versions, newest first; one more than what is shown, to tell what the oldest has changed.</param>
/// <param name="MayChange">Whether their visitor may change them.</param>
public sealed record SettingsView(TrackingSettings Settings, ImmutableArray<SettingsVersion> History, bool MayChange)
{
    /// <summary>Who changed one setting, newest first.</summary>
    public IEnumerable<(SettingsVersion Version, string Before, string After)> ChangesOf(SettingDefinition setting) =>
        from pair in Pairs
        let change = (pair.Version, Before: setting.Read(pair.Before), After: setting.Read(pair.Version.Settings))
        where change.Before != change.After
        select change;

    /// <summary>The versions, each with what stood before it, newest first.</summary>
    public IEnumerable<(SettingsVersion Version, TrackingSettings Before)> Pairs => History
        .Select((version, index) => (version, index + 1 < History.Length ? History[index + 1].Settings : new TrackingSettings()))
        .Take(SettingList.HistoryMax);
}
