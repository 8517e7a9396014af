using System.Text;

namespace EmailTracking.Client.Readers;

/// <summary>What the first bytes of a file say it is.</summary>
internal enum MailFileKind
{
    Unknown,
    Mbox,
    Message,
}

/// <summary>What the place and name of a file say about it, before it is opened.</summary>
internal enum MailFileRole
{
    /// <summary>Nothing: its bytes decide.</summary>
    Any,

    /// <summary>Its name ends in .eml: any text is a mail, unless it is a mailbox.</summary>
    Eml,

    /// <summary>It lies in cur/ or new/ of a maildir: any text is one mail, however it begins.</summary>
    MaildirMessage,

    /// <summary>It lies beside cur/ and new/: mostly a mail server's index, which is no reason for a complaint.</summary>
    MaildirIndex,
}

/// <summary>Recognises mail files by their first bytes.</summary>
internal static class MailFileSniffer
{
    /// <summary>Bytes to look at.</summary>
    public const int HeadBytes = 4096;

    // One of these within the head tells a mail from other files of "name: value" lines (YAML, HTTP, logs).
    private static readonly string[] _mailFields =
    [
        "Return-Path", "Received", "Delivered-To", "X-Original-To", "Date", "From", "Sender", "Reply-To", "To", "Cc", "Bcc",
        "Subject", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type", "DKIM-Signature",
    ];

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <returns>The kind, and how many bytes stand before the first separator line of a mailbox.</returns>
    public static (MailFileKind Kind, int Start) Look(ReadOnlySpan<byte> head, MailFileRole role)
    {
        var text = head.StartsWith(ByteOrderMark) ? head[ByteOrderMark.Length..] : head;
        text = text.TrimStart("\r\n"u8);
        if (role != MailFileRole.MaildirMessage && BeginsMailbox(text))
        {
            return (MailFileKind.Mbox, head.Length - text.Length);
        }

        var named = role is MailFileRole.Eml or MailFileRole.MaildirMessage;
        var isMessage = BeginsHeader(text) || (named && !head.IsEmpty && !head.Contains((byte)0));
        return (isMessage ? MailFileKind.Message : MailFileKind.Unknown, 0);
    }

    // At the beginning of a file even a bare "From " counts when a header follows.
    private static bool BeginsMailbox(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith(MboxSeparator.Mark))
        {
            return false;
        }

        var end = text[..Math.Min(text.Length, MboxSeparator.LineBytesMax)].IndexOfAny((byte)'\r', (byte)'\n');
        return end >= 0
            && FieldName(text[..end]).IsEmpty
            && (MboxSeparator.Is(text[..end], afterBlank: true) || !FieldName(text[end..].TrimStart("\r\n"u8)).IsEmpty);
    }

    private static bool BeginsHeader(ReadOnlySpan<byte> text)
    {
        // Some mail programs store the separator line of a mailbox as a first, quoted line.
        var isFirst = true;
        if (text.StartsWith(">From "u8))
        {
            text = NextLine(text);
        }

        for (; !text.IsEmpty; text = NextLine(text))
        {
            if (text[0] is (byte)' ' or (byte)'\t' && !isFirst)
            {
                continue;
            }

            var name = FieldName(text);
            if (name.IsEmpty)
            {
                return false;
            }

            isFirst = false;
            foreach (var field in _mailFields)
            {
                if (Ascii.EqualsIgnoreCase(name, field))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // RFC 5322 section 2.2: printable and no colon; section 4.5.8 allows blanks before the colon. Empty when there is none.
    private static ReadOnlySpan<byte> FieldName(ReadOnlySpan<byte> line)
    {
        var length = line.IndexOfAnyExceptInRange((byte)'!', (byte)'~');
        var name = length < 0 ? line : line[..length];
        var colon = name.IndexOf((byte)':');
        if (colon >= 0)
        {
            return name[..colon];
        }

        return line[name.Length..].TrimStart(" \t"u8).StartsWith(":"u8) ? name : [];
    }

    private static ReadOnlySpan<byte> NextLine(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
        {
            return [];
        }

        return text[(text[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1)..];
    }
}
