using System.Collections.Immutable;
using System.Text.Json;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage;

/// <summary>The stored form of settings. What a later version adds is left alone, what an older one lacks has its default.</summary>
internal static class SettingsJson
{
    public static string Write(TrackingSettings settings) => JsonSerializer.Serialize(
        new Stored(
            settings.TokenPrefixes, settings.TracksSentItems, settings.LeavesAmbiguousSenders, settings.LeavesAmbiguousRecipients),
        JsonSerializerOptions.Web);

    public static TrackingSettings Read(long version, string text)
    {
        var (defaults, stored) = (new TrackingSettings(), JsonSerializer.Deserialize<Stored>(text, JsonSerializerOptions.Web)!);
        return new TrackingSettings
        {
            Version = version,
            TokenPrefixes = stored.TokenPrefixes ?? defaults.TokenPrefixes,
            TracksSentItems = stored.TracksSentItems ?? defaults.TracksSentItems,
            LeavesAmbiguousSenders = stored.LeavesAmbiguousSenders ?? defaults.LeavesAmbiguousSenders,
            LeavesAmbiguousRecipients = stored.LeavesAmbiguousRecipients ?? defaults.LeavesAmbiguousRecipients,
        };
    }

    private sealed record Stored(
        ImmutableArray<string>? TokenPrefixes, bool? TracksSentItems, bool? LeavesAmbiguousSenders, bool? LeavesAmbiguousRecipients);
}
