using System.Globalization;
using System.Text;

namespace EmailTracking.Client.PastEmails;

/// <summary>Writes a past email as a message without a body (RFC 5322, headers in UTF-8 as RFC 6532 has them).</summary>
/// <remarks>
/// Values cannot break out of their header: ids and addresses hold no white space and no control characters, an index is base64 that is
/// written here, a date too, and a subject is one line. The same email gives the same bytes.
/// </remarks>
internal static class HeaderMessage
{
    private const int LineMax = 78;
    private const int WordBytesMax = 42;

    public static byte[] Write(PastEmail email)
    {
        var text = new StringBuilder();
        Header(text, "Date", email.SentOn.ToUniversalTime().ToString("r", CultureInfo.InvariantCulture));
        Header(text, "From", $"<{email.Sender}>");
        Header(text, "To", string.Join(", ", email.To.Select(one => $"<{one}>")));
        Header(text, "Cc", string.Join(", ", email.Cc.Select(one => $"<{one}>")));
        Header(text, "Subject", email.Subject.Contains("=?", StringComparison.Ordinal) ? Encoded(email.Subject) : email.Subject);
        Header(text, "Message-ID", email.MessageId is { } id ? $"<{id}>" : "");
        Header(text, "In-Reply-To", string.Join(' ', email.InReplyTo.Select(one => $"<{one}>")));
        Header(text, "Thread-Index", email.ThreadIndex ?? "");
        text.Append("\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // Folded in front of blanks, which stay: whoever unfolds reads what was written.
    private static void Header(StringBuilder text, string name, string value)
    {
        if (value.Length == 0)
        {
            return;
        }

        if (value.AsSpan().ContainsAny("\r\n\0"))
        {
            throw new InvalidOperationException($"A value of {name} holds a line end. It would become a header of its own.");
        }

        var line = text.Append(name).Append(':').Length - name.Length - 1;
        foreach (var word in value.Split(' '))
        {
            // A line of blanks alone would end the headers for some programs.
            if (text.Length - line + word.Length >= LineMax && word.Length > 0 && text[^1] != ':')
            {
                line = text.Append("\r\n").Length;
            }

            text.Append(' ').Append(word);
        }

        text.Append("\r\n");
    }

    // RFC 2047, for a subject that would be read as encoded though it is not: chunks at characters, 75 characters a word at most.
    private static string Encoded(string value)
    {
        var (words, bytes) = (new List<string>(), new List<byte>());
        Span<byte> one = stackalloc byte[4];
        foreach (var rune in value.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(one);
            if (bytes.Count + length > WordBytesMax)
            {
                Flush();
            }

            bytes.AddRange(one[..length]);
        }

        Flush();
        return string.Join(' ', words);

        void Flush()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=");
            bytes.Clear();
        }
    }
}
