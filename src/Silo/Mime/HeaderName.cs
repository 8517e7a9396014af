using System.Text;

namespace EmailTracking.Silo.Mime;

/// <summary>The headers that are read; all others are passed over.</summary>
internal enum HeaderName
{
    MessageId,
    InReplyTo,
    References,
    ThreadIndex,
    Date,
    From,
    Sender,
    To,
    Cc,
    Bcc,
    Subject,
    ListId,
    ListPost,
    AutoSubmitted,
    Importance,
    XPriority,
    XMsMailPriority,
    Priority,
    ContentType,
    ContentDisposition,
    Sensitivity,
    Keywords,
    XClassification,
    XLabel,
    XSpamFlag,
    ContentTransferEncoding,
}

internal static class HeaderNames
{
    private static readonly byte[][] Written =
    [
        .. new[]
        {
            "Message-ID", "In-Reply-To", "References", "Thread-Index", "Date", "From", "Sender", "To", "Cc", "Bcc", "Subject",
            "List-Id", "List-Post", "Auto-Submitted", "Importance", "X-Priority", "X-MSMail-Priority", "Priority",
            "Content-Type", "Content-Disposition", "Sensitivity", "Keywords", "X-Classification", "X-Label", "X-Spam-Flag",
            "Content-Transfer-Encoding",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>Which header a field's name means; null for one that is not read.</summary>
    internal static HeaderName? Find(ReadOnlySpan<byte> name)
    {
        for (var index = 0; index < Written.Length; index++)
        {
            if (Written[index].Length == name.Length && Ascii.EqualsIgnoreCase(Written[index], name))
            {
                return (HeaderName)index;
            }
        }

        return null;
    }

    /// <summary>Splits a line at its colon.</summary>
    /// <returns>The length of the name without blanks behind it; 0 when this is no header field (RFC 5322 section 2.2).</returns>
    internal static int NameLength(ReadOnlySpan<byte> line, out int colon)
    {
        // RFC 5322 section 2.1.1: no line is longer than 998.
        colon = line[..Math.Min(line.Length, 998)].IndexOf((byte)':');
        if (colon <= 0)
        {
            return 0;
        }

        // Obsolete syntax has blanks between name and colon (section 4.5).
        var name = line[..colon].TrimEnd(" \t"u8);
        return name.IndexOfAnyExceptInRange((byte)33, (byte)126) < 0 ? name.Length : 0;
    }
}
