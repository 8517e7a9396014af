using System.Text;

namespace EmailTracking.Client.RecordFiles;

/// <summary>Reads lines that end: a file without line ends is not read into memory whole.</summary>
internal static class BoundedLine
{
    /// <summary>The next line without its end; null when it is longer than <see cref="RecordRow.LengthMax"/>.</summary>
    public static string? Read(TextReader reader, StringBuilder text)
    {
        text.Clear();
        for (int next; (next = reader.Read()) >= 0 && next != '\n';)
        {
            if (text.Length >= RecordRow.LengthMax)
            {
                return null;
            }

            text.Append((char)next);
        }

        return text.ToString();
    }
}
