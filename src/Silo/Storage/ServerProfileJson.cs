using System.Text.Json;
using EmailTracking.Connectors;

namespace EmailTracking.Silo.Storage;

/// <summary>The stored form of a server profile. What a later version adds is left alone, what an older one lacks has its default.</summary>
internal static class ServerProfileJson
{
    private static readonly JsonSerializerOptions Options =
        new(JsonSerializerOptions.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    public static string Write(ServerProfile profile) => JsonSerializer.Serialize(profile, Options);

    public static ServerProfile Read(string text) => JsonSerializer.Deserialize<ServerProfile>(text, Options)!;
}
