using System.Text;

namespace EmailTracking.Client.RecordFiles;

/// <summary>Reads comma-separated values with a header row (RFC 4180); semicolons and tabs separate too, as the header does.</summary>
internal sealed class CsvRows(TextReader reader)
{
    private readonly StringBuilder _field = new();
    private long _line = 1;

    public static IEnumerable<RecordRow> Read(TextReader reader) => new CsvRows(reader).Rows();

    private IEnumerable<RecordRow> Rows()
    {
        if (BoundedLine.Read(reader, new StringBuilder())?.TrimEnd('\r') is not { } first)
        {
            yield return RecordRow.Wrong(1, $"The first line is longer than {RecordRow.LengthMax} characters. It names the columns.");
            yield break;
        }

        var separator = ",;\t".FirstOrDefault(first.Contains, ',');
        var header = new CsvRows(new StringReader(first)).NextRow(separator, out var wrong)?
            .Select(FieldNames.Of).ToArray() ?? [];
        if (wrong is not null || !header.Contains("logicalname"))
        {
            yield return RecordRow.Wrong(1, wrong ?? "The first line names the columns, and one of them is logicalname.");
            yield break;
        }

        if (header.GroupBy(name => name).FirstOrDefault(group => group.Key.Length > 0 && group.Count() > 1) is { } twice)
        {
            yield return RecordRow.Wrong(1, $"Column {twice.Key} is there twice. Remove one.");
            yield break;
        }

        _line = 2;
        while (reader.Peek() >= 0)
        {
            var line = _line;
            var values = NextRow(separator, out var problem);
            if (problem is not null || values is null)
            {
                yield return RecordRow.Wrong(line, problem!);
                yield break;
            }

            if (values is [""])
            {
                continue;
            }

            yield return values.Count == header.Length
                ? new RecordRow(line, Fields(header, values), null)
                : RecordRow.Wrong(line, $"The row has {values.Count} fields, the header {header.Length}. Quote fields that hold a separator.");
        }
    }

    private static Dictionary<string, string[]> Fields(string[] header, List<string> values)
    {
        var fields = new Dictionary<string, string[]>(header.Length, StringComparer.Ordinal);
        for (var i = 0; i < header.Length; i++)
        {
            fields[header[i]] = values[i].Trim() is not { Length: > 0 } value ? []
                : header[i] == "addresses"
                    ? value.Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    : [value];
        }

        return fields;
    }

    // The row up to its line end; null with a problem behind which no row can be told from another.
    private List<string>? NextRow(char separator, out string? problem)
    {
        problem = null;
        var values = new List<string>();
        var length = 0;
        while (true)
        {
            var next = reader.Read();
            length++;
            if (length > RecordRow.LengthMax)
            {
                problem = $"The row is longer than {RecordRow.LengthMax} characters. Is a quote missing?";
                return null;
            }

            if (next == '"' && _field.Length == 0)
            {
                if (!ReadQuoted(ref length))
                {
                    problem = "A quoted field does not end, or something stands behind its quote. Write quotes inside a field twice.";
                    return null;
                }

                continue;
            }

            if (next == separator || next == '\n' || next < 0)
            {
                var isQuoted = _field.Length > 0 && _field[0] == '"';
                values.Add(isQuoted ? _field.ToString(1, _field.Length - 1) : _field.ToString());
                _field.Clear();
                if (next != separator)
                {
                    _line++;
                    values[^1] = values[^1].TrimEnd('\r');
                    return values;
                }
            }
            else
            {
                _field.Append((char)next);
            }
        }
    }

    // A quote stays in front, so that an empty quoted field is told from one that has not begun.
    private bool ReadQuoted(ref int length)
    {
        _field.Append('"');
        for (; length <= RecordRow.LengthMax; length++)
        {
            var next = reader.Read();
            if (next < 0)
            {
                return false;
            }

            if (next == '"')
            {
                if (reader.Peek() != '"')
                {
                    return reader.Peek() is < 0 or '\r' or '\n' or ',' or ';' or '\t';
                }

                reader.Read();
            }

            _line += next == '\n' ? 1 : 0;
            _field.Append((char)next);
        }

        return false;
    }
}
