using System.Text;

namespace EmailTracking.Client.RecordFiles;

/// <summary>A file of records: .csv, or .jsonl with one JSON object a line.</summary>
internal static class RecordFile
{
    /// <summary>Reads the rows one by one; what cannot be read comes out as a row with a problem.</summary>
    /// <exception cref="Commands.WrongInputException">The name ends otherwise.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IEnumerable<RecordRow> Read(string path)
    {
        Func<TextReader, IEnumerable<RecordRow>> read = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => CsvRows.Read,
            ".jsonl" or ".ndjson" => JsonRows.Read,
            _ => throw new Commands.WrongInputException($"{path} is neither .csv nor .jsonl. Rename it to what it is."),
        };
        return Rows(path, read);
    }

    private static IEnumerable<RecordRow> Rows(string path, Func<TextReader, IEnumerable<RecordRow>> read)
    {
        // Text in another encoding would load as wrong names; so it does not load.
        using var reader = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        using var rows = read(reader).GetEnumerator();
        for (var line = 1L; ;)
        {
            RecordRow? row;
            try
            {
                row = rows.MoveNext() ? rows.Current : null;
            }
            catch (DecoderFallbackException)
            {
                row = RecordRow.Wrong(line, "Behind this line the file is not UTF-8. Save it as UTF-8.");
            }

            if (row is null)
            {
                yield break;
            }

            line = row.Line;
            yield return row;
        }
    }
}
