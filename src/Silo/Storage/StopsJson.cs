using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage;

/// <summary>When a conversation was stopped and resumed, as it is stored: <c>[["2026-01-31T12:00:00.0000000Z",true,"ana"],…]</c>; null for never.</summary>
internal static class StopsJson
{
    public static string? Write(ImmutableArray<StopWord> stops) => stops.IsEmpty
        ? null
        : JsonSerializer.Serialize(stops.Select(stop => new object[]
        {
            stop.On.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), stop.IsStop, stop.By,
        }));

    public static ImmutableArray<StopWord> Read(string? text)
    {
        if (text is null)
        {
            return [];
        }

        using var json = JsonDocument.Parse(text);
        return
        [
            .. json.RootElement.EnumerateArray().Select(stop => new StopWord(
                DateTimeOffset.Parse(stop[0].GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                stop[1].GetBoolean(),
                stop[2].GetString()!)),
        ];
    }
}
