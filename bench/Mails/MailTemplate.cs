using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EmailTracking.Bench.Mails;

/// <summary>One mail, cut where its replicas differ: in every id, in its Thread-Index, and at the top of its body.</summary>
/// <remarks>A replica answers the same replica of what the mail answers, so each makes conversations of its own.</remarks>
public sealed class MailTemplate
{
    private const int IdBytes = 9;
    private const int IndexBytes = 4;

    // The GUID of a Thread-Index begins at its seventh byte: its first three are these four letters.
    private const int IndexAt = 8;

    private readonly byte[] _bytes;
    private readonly List<Cut> _cuts = [];
    private readonly int _grows;

    public MailTemplate(string mailbox, byte[] mail)
    {
        (Mailbox, _bytes) = (mailbox, mail);
        var head = HeaderEnd(mail);
        var text = Encoding.Latin1.GetString(mail, 0, head);
        foreach (var (start, end, name) in Fields(text))
        {
            switch (name.ToUpperInvariant())
            {
                case "MESSAGE-ID":
                    Id = text[start..end].Trim();
                    CutIds(text, start, end);
                    break;
                case "IN-REPLY-TO" or "REFERENCES":
                    CutIds(text, start, end);
                    break;
                case "THREAD-INDEX":
                    CutIndex(text, start, end);
                    break;
            }
        }

        _cuts.Add(new Cut(head, 0, CutKind.Body));
        _cuts.Sort((one, other) => one.At.CompareTo(other.At));
        _grows = _cuts.Sum(cut => Length(cut.Kind) - cut.Replaced);
    }

    private enum CutKind
    {
        Id,
        Index,
        Body,
    }

    /// <summary>The mailbox that all replicas go to.</summary>
    public string Mailbox { get; }

    /// <summary>The Message-ID's text; null when there is none.</summary>
    public string? Id { get; }

    /// <summary>Writes one replica.</summary>
    public byte[] Replica(int number)
    {
        var mail = new byte[_bytes.Length + _grows];
        var (from, to) = (0, 0);
        foreach (var cut in _cuts)
        {
            var length = cut.At - from;
            _bytes.AsSpan(from, length).CopyTo(mail.AsSpan(to));
            from = cut.At + cut.Replaced;
            to += length;
            to += Write(cut.Kind, number, mail.AsSpan(to));
        }

        _bytes.AsSpan(from).CopyTo(mail.AsSpan(to));
        return mail;
    }

    private static int Length(CutKind kind) => kind switch
    {
        CutKind.Id => IdBytes,
        CutKind.Index => IndexBytes,
        _ => BodyLine(0).Length,
    };

    private static int Write(CutKind kind, int number, Span<byte> to)
    {
        switch (kind)
        {
            case CutKind.Id:
                return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $".r{number:d7}"), to);
            case CutKind.Index:
                ReadOnlySpan<byte> bytes = [(byte)(number >> 16), (byte)(number >> 8), (byte)number];
                Base64.EncodeToUtf8(bytes, to, out _, out var written);
                return written;
            default:
                return Encoding.ASCII.GetBytes(BodyLine(number), to);
        }
    }

    private static string BodyLine(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"This is replica {number:d7} of the mail.\n");

    private static int HeaderEnd(byte[] mail)
    {
        for (var i = 0; i + 1 < mail.Length; i++)
        {
            if (mail[i] == '\n' && (mail[i + 1] == '\n' || (mail[i + 1] == '\r' && i + 2 < mail.Length && mail[i + 2] == '\n')))
            {
                return i + (mail[i + 1] == '\n' ? 2 : 3);
            }
        }

        return mail.Length;
    }

    private static IEnumerable<(int Start, int End, string Name)> Fields(string head)
    {
        for (var at = 0; at < head.Length;)
        {
            var end = head.IndexOf('\n', at);
            while (end >= 0 && end + 1 < head.Length && head[end + 1] is ' ' or '\t')
            {
                end = head.IndexOf('\n', end + 1);
            }

            end = end < 0 ? head.Length : end;
            var colon = head.IndexOf(':', at, end - at);
            if (colon > 0)
            {
                yield return (colon + 1, end, head[at..colon]);
            }

            at = end + 1;
        }
    }

    // An address that stands where an id should names nothing; rewritten, it would become an id that many mails share.
    private void CutIds(string head, int start, int end)
    {
        for (var open = head.IndexOf('<', start, end - start); open >= 0; open = head.IndexOf('<', open + 1, end - open - 1))
        {
            var close = head.IndexOf('>', open, end - open);
            if (close < 0)
            {
                return;
            }

            var id = head[(open + 1)..close];
            if (id.Contains('@', StringComparison.Ordinal) && !IsAddress(head, id))
            {
                _cuts.Add(new Cut(open + 1 + id.IndexOf('@', StringComparison.Ordinal), 0, CutKind.Id));
            }

            open = close - 1;
        }
    }

    private static bool IsAddress(string head, string id) => Fields(head).Any(field =>
        field.Name.ToUpperInvariant() is "FROM" or "TO" or "CC" or "SENDER" or "REPLY-TO" &&
        head.IndexOf(id, field.Start, field.End - field.Start, StringComparison.OrdinalIgnoreCase) >= 0);

    private void CutIndex(string head, int start, int end)
    {
        var text = Enumerable.Range(start, end - start).Where(i => !char.IsWhiteSpace(head[i]));
        var letters = text.Skip(IndexAt).Take(IndexBytes).ToArray();
        if (letters.Length == IndexBytes && letters[^1] - letters[0] == IndexBytes - 1)
        {
            _cuts.Add(new Cut(letters[0], IndexBytes, CutKind.Index));
        }
    }

    private readonly record struct Cut(int At, int Replaced, CutKind Kind);
}
