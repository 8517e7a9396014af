using System.Text;
using EmailTracking.Client.Commands;

namespace EmailTracking.Client.RecordFiles;

/// <summary>A file of records: .csv, or .jsonl with one JSON object a line; UTF-8, with or without a byte-order mark.</summary>
internal static class RecordFile
{
    private const int BufferBytes = 65_536;
    private const int RowsBetweenReports = 1_000;

    /// <summary>Reads the rows one by one; what cannot be read comes out as a row with a problem.</summary>
    /// <param name="path">The file.</param>
    /// <param name="part">Is told now and then how much is read, from 0 to 1.</param>
    /// <exception cref="WrongInputException">The name ends otherwise, or there is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IEnumerable<RecordRow> Read(string path, Action<double>? part = null)
    {
        Func<TextReader, IEnumerable<RecordRow>> read = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => CsvRows.Read,
            ".jsonl" or ".ndjson" => JsonRows.Read,
            _ => throw new WrongInputException($"{path} is neither .csv nor .jsonl. Rename it to what it is."),
        };
        return File.Exists(path)
            ? Rows(path, read, part ?? (_ => { }))
            : throw new WrongInputException($"There is no file {path}. Check the path.");
    }

    private static IEnumerable<RecordRow> Rows(string path, Func<TextReader, IEnumerable<RecordRow>> read, Action<double> part)
    {
        // Text in another encoding would load as wrong names; so it does not load. Encodings are not guessed by a mark: what is
        // found by it would read wrong bytes as question marks.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        using var reader = new StreamReader(
            file, new UTF8Encoding(true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, BufferBytes);
        using var rows = read(reader).GetEnumerator();
        for (var count = 1L; ; count++)
        {
            RecordRow? row;
            try
            {
                row = rows.MoveNext() ? rows.Current : null;
            }
            catch (DecoderFallbackException)
            {
                row = null;
            }

            if (row is null)
            {
                if (WrongBytes.FirstLine(path) is { } line)
                {
                    yield return RecordRow.Wrong(line, "The line is not UTF-8. Save the file as UTF-8.");
                }

                yield break;
            }

            if (count % RowsBetweenReports == 0)
            {
                part((double)file.Position / Math.Max(1, file.Length));
            }

            yield return row;
        }
    }
}
