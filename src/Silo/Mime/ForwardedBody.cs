using System.Net;
using System.Text;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Mime;

/// <summary>The beginning of the body of a mail that calls itself a forward: who wrote what it forwards.</summary>
/// <remarks>
/// Of an attached mail its From header tells, in text the block of header lines that mail programs write (<see cref="ForwardedText"/>);
/// the first that is found counts. Only the first <see cref="BytesMax"/> bytes are kept and looked at, and only of mail whose subject
/// begins as a forward's does: answers quote such blocks as well.
/// </remarks>
internal sealed class ForwardedBody(MediaType type, string encoding, MimeOptions options)
{
    /// <summary>How much of a body is looked at, in bytes.</summary>
    internal const int BytesMax = 65_536;

    private const int DepthMax = 8;
    private const int PartsMax = 50;

    private readonly List<byte> _body = [];
    private int _parts;

    /// <summary>Whether more of the body would change nothing.</summary>
    internal bool IsFull => _body.Count == BytesMax;

    /// <summary>Takes the next bytes of the body.</summary>
    internal void Take(ReadOnlySpan<byte> data) => _body.AddRange(data[..Math.Min(data.Length, BytesMax - _body.Count)]);

    /// <summary>Who wrote what is forwarded; null when nothing tells.</summary>
    internal Participant? Find() => Find(new BodyPart(type, encoding, 0), _body.ToArray(), 0);

    private Participant? Find(BodyPart part, ReadOnlySpan<byte> body, int depth) =>
        part.Type.IsMultipart ? InParts(part.Type, body, depth)
        : part.Type.IsAttachedMessage ? InMessage(body)
        : part.Type is { IsText: true, IsFile: false } ? ForwardedText.Find(Lines(part, body))
        : null;

    private Participant? InParts(MediaType multipart, ReadOnlySpan<byte> body, int depth)
    {
        if (depth == DepthMax)
        {
            return null;
        }

        foreach (var range in BodyPart.PartsOf(multipart, body, PartsMax))
        {
            if (_parts++ >= PartsMax)
            {
                return null;
            }

            var part = BodyPart.Read(body[range], options);
            if (Find(part, body[range][part.BodyStart..], depth + 1) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private Participant? InMessage(ReadOnlySpan<byte> message)
    {
        var warnings = new WarningSet();
        if (HeaderBlock.Read(message, isWhole: true, options, warnings) is not { } block)
        {
            return null;
        }

        var people = new Participants(new HeaderText(null, warnings), options, warnings);
        people.Add(ParticipationType.Sender, block.FirstOf(HeaderName.From, message), max: 1);
        return people.Found is [{ Address: not null } author] ? author : null;
    }

    private static string[] Lines(BodyPart part, ReadOnlySpan<byte> body)
    {
        var text = part.TextOf(body);
        return (string.Equals(part.Type.Subtype, "html", StringComparison.OrdinalIgnoreCase) ? OfHtml(text) : text).Split('\n');
    }

    // Tags are blanks, those that end a line line ends.
    private static string OfHtml(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length; at++)
        {
            if (html[at] != '<')
            {
                text.Append(html[at] is '\r' or '\n' ? ' ' : html[at]);
                continue;
            }

            var end = html.IndexOf('>', at);
            if (end < 0)
            {
                break;
            }

            text.Append(EndsLine(html.AsSpan(at + 1, end - at - 1)) ? '\n' : ' ');
            at = end;
        }

        return WebUtility.HtmlDecode(text.ToString());
    }

    private static bool EndsLine(ReadOnlySpan<char> tag)
    {
        var name = tag.TrimStart('/');
        var length = 0;
        while (length < name.Length && char.IsAsciiLetter(name[length]))
        {
            length++;
        }

        return name[..length].ToString().ToUpperInvariant() is "BR" or "P" or "DIV" or "TR" or "LI" or "BLOCKQUOTE";
    }
}
