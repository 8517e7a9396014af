using System.Text.Unicode;

namespace EmailTracking.Client.RecordFiles;

/// <summary>Finds where a file stops being UTF-8: a reader that decodes ahead cannot tell.</summary>
internal static class WrongBytes
{
    private const int BufferBytes = 65_536;

    /// <summary>The first line, from 1, with bytes that are not UTF-8; null when there is none.</summary>
    public static long? FirstLine(string path)
    {
        using var file = File.OpenRead(path);
        var (bytes, chars) = (new byte[BufferBytes], new char[BufferBytes]);
        var line = 1L;
        for (int kept = 0, count; (count = file.Read(bytes, kept, bytes.Length - kept)) > 0 || kept > 0;)
        {
            var status = Utf8.ToUtf16(
                bytes.AsSpan(0, kept + count), chars, out var read, out _, replaceInvalidSequences: false, isFinalBlock: count == 0);
            line += bytes.AsSpan(0, read).Count((byte)'\n');
            if (status == System.Buffers.OperationStatus.InvalidData)
            {
                return line;
            }

            var rest = bytes.AsSpan(read, kept + count - read);
            rest.CopyTo(bytes);
            kept = rest.Length;
        }

        return null;
    }
}
