using System.Collections.Immutable;
using EmailTracking.Silo.Mime;
using MimeKit;
using MimeKit.IO;

namespace EmailTracking.Silo.Bodies;

/// <summary>The content of a mail as a person reads it: a body, and files.</summary>
/// <param name="Html">The HTML body, as it was sent: not safe to show; null when there is none.</param>
/// <param name="Text">The text body; null when there is none.</param>
/// <param name="Files">What else is in the mail, in its order; a file's number is its place here.</param>
internal sealed record MailContent(string? Html, string? Text, ImmutableArray<MailFile> Files)
{
    /// <summary>Reads it.</summary>
    /// <param name="raw">The raw mail (RFC 5322), from its first byte. It is read whole, into memory.</param>
    /// <param name="options">How deep parts may lie in each other, and how many are looked at.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="FormatException">The bytes are not a mail.</exception>
    public static async Task<MailContent> ReadAsync(Stream raw, MimeOptions options, CancellationToken cancellationToken)
    {
        var parser = new ParserOptions { MaxMimeDepth = options.MimeDepthMax };
        var mail = await MimeMessage.LoadAsync(parser, raw, cancellationToken);
        return new MailContent(
            mail.HtmlBody,
            mail.TextBody,
            [.. mail.BodyParts.Take(options.PartsMax).Where(IsFile).Select((part, index) => new MailFile(index, part))]);
    }

    // Text that is not said to be a file is the body, or the body in another form.
    private static bool IsFile(MimeEntity part) =>
        part is not TextPart || part.IsAttachment || !string.IsNullOrEmpty(part.ContentDisposition?.FileName) ||
        !string.IsNullOrEmpty(part.ContentType.Name);
}

/// <summary>A file in a mail.</summary>
internal sealed class MailFile
{
    private readonly MimeEntity _part;

    public MailFile(int number, MimeEntity part)
    {
        (Number, _part) = (number, part);
        Name = FileNames.Clean(part.ContentDisposition?.FileName ?? part.ContentType.Name, part is MessagePart ? "message.eml" : $"file-{number + 1}");
        using var measured = new MeasuringStream();
        using var bytes = Open();
        bytes.CopyTo(measured);
        Size = measured.Length;
    }

    /// <summary>Its place among the files of the mail; from 0.</summary>
    public int Number { get; }

    /// <summary>Its name, without folders and without characters that hide what it is.</summary>
    public string Name { get; }

    /// <summary>What the sender says that it is, for example <c>image/png</c>; nothing is promised of it.</summary>
    public string MediaType => _part.ContentType.MimeType;

    /// <summary>How large it is, in bytes, decoded.</summary>
    public long Size { get; }

    /// <summary>By what the HTML body names it (<c>cid:</c>, RFC 2392); null when it has no such id.</summary>
    public string? ContentId => _part.ContentId;

    /// <summary>Opens its bytes, decoded.</summary>
    public Stream Open()
    {
        if (_part is MimePart { Content: { } content })
        {
            return content.Open();
        }

        var bytes = new MemoryStream();
        (_part as MessagePart)?.Message?.WriteTo(bytes);
        bytes.Position = 0;
        return bytes;
    }
}
