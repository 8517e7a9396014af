using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage;

/// <summary>The stored form of a trace: <c>[[20,"InReplyTo","…"],[30,"Ground"]]</c>, codes first, then their values.</summary>
internal static class TraceJson
{
    // The text goes into a column, never into a page.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ImmutableArray<TraceEntry> trace)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartArray();
            foreach (var entry in trace)
            {
                json.WriteStartArray();
                json.WriteNumberValue((int)entry.Code);
                foreach (var value in entry.Values)
                {
                    json.WriteStringValue(value);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>How an email's parties were resolved, for a column that is kept when this is null: a new copy begins afresh.</summary>
    public static string? WriteParties(EmailChange email) => email switch
    {
        { PartyTrace: { IsEmpty: false } trace } => Write(trace),
        { PartyTrace: not null } or { Content: not null } => email.Before is null ? null : "[]",
        _ => null,
    };

    public static ImmutableArray<TraceEntry> Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        return
        [
            .. json.RootElement.EnumerateArray().Select(entry => new TraceEntry(
                (TraceCode)entry[0].GetInt32(),
                [.. entry.EnumerateArray().Skip(1).Select(value => value.GetString()!)])),
        ];
    }
}
