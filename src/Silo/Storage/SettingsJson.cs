using System.Text.Json;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage;

/// <summary>The stored form of settings. What a later version adds is left alone, what an older one lacks has its default.</summary>
internal static class SettingsJson
{
    private static readonly JsonSerializerOptions Options =
        new(JsonSerializerOptions.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    public static string Write(TrackingSettings settings) => JsonSerializer.Serialize(settings, Options);

    public static TrackingSettings Read(long version, string text) =>
        JsonSerializer.Deserialize<TrackingSettings>(text, Options)! with { Version = version };
}
