namespace EmailTracking.Client.Readers;

/// <summary>How body lines that begin with "From " were protected when the mailbox was written.</summary>
public enum MboxQuoting
{
    /// <summary>Such lines, also those quoted before, got one more '&gt;'; one is taken off again. Nothing is lost.</summary>
    Mboxrd,

    /// <summary>Only unquoted lines got a '&gt;'. It cannot be told from one that was always there, so all stay.</summary>
    Mboxo,
}

/// <summary>How mail files are read.</summary>
public sealed record MailFilesOptions
{
    /// <summary>
    /// The largest message that is handed over. Bytes in the file, quotes included; 1 to 1,073,741,824. Default: 157,286,400
    /// (150 MB).
    /// </summary>
    public int MessageBytesMax { get; init; } = 157_286_400;

    /// <summary>How mailboxes quote. Default: mboxrd.</summary>
    public MboxQuoting Quoting { get; init; } = MboxQuoting.Mboxrd;

    /// <summary>
    /// The last item that was dealt with: reading goes on behind it. Files before it in path order are not opened, messages
    /// before it in its own file are framed and dropped. Its offset is not used. Default: null, from the beginning.
    /// </summary>
    public MailSource? ResumeAfter { get; init; }

    /// <summary>Bytes asked of the file at a time, 1 to 16,777,216. Default: 262,144.</summary>
    public int ReadBufferBytes { get; init; } = 262_144;

    internal const int ReadBufferBytesMax = 16_777_216;

    internal const int MessageBytesCeiling = 1_073_741_824;

    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MessageBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MessageBytesMax, MessageBytesCeiling);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadBufferBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReadBufferBytes, ReadBufferBytesMax);
    }
}
