using System.Text;
using System.Text.Json;

namespace EmailTracking.Client.RecordFiles;

/// <summary>Reads one JSON object a line.</summary>
internal static class JsonRows
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public static IEnumerable<RecordRow> Read(TextReader reader)
    {
        var text = new StringBuilder();
        for (var line = 1L; reader.Peek() >= 0; line++)
        {
            if (!ReadLine(reader, text))
            {
                yield return RecordRow.Wrong(line, $"The line is longer than {RecordRow.LengthMax} characters.");
                yield break;
            }

            if (text.ToString().Trim() is { Length: > 0 } json)
            {
                yield return Parse(line, json);
            }
        }
    }

    private static bool ReadLine(TextReader reader, StringBuilder text)
    {
        text.Clear();
        for (int next; (next = reader.Read()) >= 0 && next != '\n';)
        {
            if (text.Length >= RecordRow.LengthMax)
            {
                return false;
            }

            text.Append((char)next);
        }

        return true;
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

                if (values.Length > 0)
                {
                    fields[property.Name.ToLowerInvariant()] = values;
                }
            }

            return new RecordRow(line, fields, null);
        }
        catch (JsonException problem)
        {
            return RecordRow.Wrong(line, $"The line is no JSON (at character {problem.BytePositionInLine + 1}). Write one object a line.");
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
