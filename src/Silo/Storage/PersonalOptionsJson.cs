using System.Text.Json;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage;

/// <summary>The stored form of a mailbox's options; null when nobody chose any.</summary>
internal static class PersonalOptionsJson
{
    private static readonly JsonSerializerOptions Options =
        new(JsonSerializerOptions.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    private static readonly PersonalOptions Defaults = new();

    public static string? Write(PersonalOptions options) => options == Defaults ? null : JsonSerializer.Serialize(options, Options);

    public static PersonalOptions Read(string? text) => text is null ? Defaults : JsonSerializer.Deserialize<PersonalOptions>(text, Options)!;
}
