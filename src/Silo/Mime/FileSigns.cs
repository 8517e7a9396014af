namespace EmailTracking.Silo.Mime;

/// <summary>Tells what a file is that is no mail.</summary>
internal static class FileSigns
{
    /// <summary>How many bytes the longest sign has.</summary>
    internal const int BytesMin = 8;

    private const int LookedAtMax = 1024;

    /// <summary>What the first bytes say; null when they may be mail.</summary>
    internal static UnmappableReason? Of(ReadOnlySpan<byte> file) => file switch
    {
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => UnmappableReason.OutlookMessage,
        [0x78, 0x9F, 0x3E, 0x22, ..] => UnmappableReason.Tnef,
        [0x1F, 0x8B, ..] or [(byte)'P', (byte)'K', 3, 4, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..]
            or [(byte)'B', (byte)'Z', (byte)'h', ..] or [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => UnmappableReason.Compressed,
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => UnmappableReason.Binary,
        _ => null,
    };

    /// <summary>What a file without a header is.</summary>
    internal static UnmappableReason WithoutHeader(ReadOnlySpan<byte> file)
    {
        file = file[..Math.Min(file.Length, LookedAtMax)];
        if (file.Trim(" \t\r\n\0\uFEFF"u8).IsEmpty)
        {
            return UnmappableReason.Empty;
        }

        var controls = 0;
        foreach (var one in file)
        {
            controls += one < 32 && one is not ((byte)'\t' or (byte)'\r' or (byte)'\n' or 12 or 27) ? 1 : 0;
        }

        return controls > file.Length / 32 ? UnmappableReason.Binary : UnmappableReason.NoHeader;
    }

    /// <summary>The result for a reason.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="fault">What went wrong with <see cref="UnmappableReason.Failed"/>.</param>
    internal static MimeResult.Unmappable Unmappable(UnmappableReason reason, string? fault) => new(reason, reason switch
    {
        UnmappableReason.Empty => "The file is empty. Deliver it again from where it came.",
        UnmappableReason.OutlookMessage =>
            "This is an Outlook .msg file, not a mail in internet format. Save it as .eml, or export the folder to mbox.",
        UnmappableReason.Tnef =>
            "This is a winmail.dat attachment without the mail that carried it. Deliver the whole mail.",
        UnmappableReason.Compressed => "This is a compressed file. Unpack it and deliver the mails in it.",
        UnmappableReason.Binary => "These bytes are neither a mail nor text. Deliver the mail as .eml, in internet format.",
        UnmappableReason.NoHeader =>
            "The text does not begin with a header such as \"From:\". Deliver the whole mail, headers included.",
        UnmappableReason.NoIdentity =>
            "The mail has no Message-ID, sender, recipient, date or subject, so nothing tells it from others. Deliver it whole.",
        _ => $"The mail could not be read, through a fault of this program ({fault}). Keep it and report it: it can be read later.",
    });
}
