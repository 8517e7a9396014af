using System.Text;
using System.Text.Json;

namespace EmailTracking.Client.RecordFiles;

/// <summary>Reads one JSON object a line.</summary>
internal static class JsonRows
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    public static IEnumerable<RecordRow> Read(TextReader reader)
    {
        var text = new StringBuilder();
        for (var line = 1L; reader.Peek() >= 0; line++)
        {
            if (BoundedLine.Read(reader, text) is not { } json)
            {
                yield return RecordRow.Wrong(line, $"The line is longer than {RecordRow.LengthMax} characters. Shorten it; one record stands in one line.");
                yield break;
            }

            if (!string.IsNullOrWhiteSpace(json))
            {
                yield return Parse(line, json);
            }
        }
    }

    private static RecordRow Parse(long line, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return RecordRow.Wrong(line, "The line is no JSON object. Write one object a line: {\"logicalname\": \"contact\", ...}");
            }

            var fields = new Dictionary<string, string[]>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (Values(property.Value) is not { } values)
                {
                    return RecordRow.Wrong(line, $"{property.Name} is neither text, a number, true, false nor a list of texts.");
                }

                if (!fields.TryAdd(FieldNames.Of(property.Name), values))
                {
                    return RecordRow.Wrong(line, $"{property.Name} is there twice. Keep one of them.");
                }
            }

            return new RecordRow(line, fields, null);
        }
        catch (JsonException problem)
        {
            return RecordRow.Wrong(line, $"The line is no JSON (at character {problem.BytePositionInLine + 1}). Write one object a line.");
        }
        catch (InvalidOperationException)
        {
            return RecordRow.Wrong(line, "The line holds half a character (an unpaired \\uD800 to \\uDFFF). Write it as UTF-8.");
        }
    }

    // Null for what is no value of a field.
    private static string[]? Values(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.String => value.GetString()!.Trim() is { Length: > 0 } text ? [text] : [],
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => [value.GetRawText()],
        JsonValueKind.Array when value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(one => one.GetString()!.Trim()).Where(text => text.Length > 0)],
        _ => null,
    };
}
