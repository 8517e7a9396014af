namespace EmailTracking.Client.Readers;

/// <summary>Where one mail was found. The same files give the same sources every time they are read.</summary>
/// <param name="Path">
/// The file, relative to the folder that was given, with '/' between names; the bare name when a single file was given.
/// A folder that cannot be listed ends in '/'.
/// </param>
/// <param name="Ordinal">Place in its mailbox file, from 1. 0 stands for the file as a whole.</param>
/// <param name="Offset">
/// Bytes before its separator line, or 0 for the file as a whole; counted after decompression when the file is compressed.
/// </param>
public sealed record MailSource(string Path, long Ordinal, long Offset)
{
    /// <summary>Names the mail in one word, for lists and logs: the path, then '#' and the ordinal if there is one.</summary>
    public override string ToString() => Ordinal == 0 ? Path : $"{Path}#{Ordinal}";
}
