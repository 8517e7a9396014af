using System.Text.Json;
using System.Text.Json.Serialization;

namespace EmailTracking.Silo.Api;

/// <summary>A value that is to be set.</summary>
/// <param name="Value">The value: a text, a number, or true or false.</param>
/// <param name="Why">Why; shown to everybody whom it binds.</param>
internal sealed record ValueBody(JsonElement Value, string? Why)
{
    /// <summary>The value as text; null when there is none.</summary>
    [JsonIgnore]
    public string? Text => Value.ValueKind switch
    {
        JsonValueKind.String => Value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => Value.GetRawText(),
        _ => null,
    };
}
