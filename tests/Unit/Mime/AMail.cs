using System.Text;
using EmailTracking.Silo.Mime;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Options;

namespace EmailTracking.Tests.Unit.Mime;

/// <summary>Mail to read, and what becomes of it. Characters stand for bytes: \u00FC is the byte FC.</summary>
internal static class AMail
{
    private const string Plain = "From: ana@contoso.com\r\nTo: sales@fabrikam.com\r\nMessage-ID: <1@contoso.com>\r\n";

    /// <summary>A good mail with these header lines added.</summary>
    public static byte[] With(params string[] lines) => Bytes(Plain + string.Concat(lines.Select(line => line + "\r\n")) + "\r\nHello\r\n");

    /// <summary>A mail of these header lines only.</summary>
    public static byte[] Of(params string[] lines) => Bytes(string.Concat(lines.Select(line => line + "\r\n")) + "\r\nHello\r\n");

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static MimeMapper Mapper(MimeOptions? options = null) => new(Options.Create(options ?? new MimeOptions()));

    public static MimeResult.Mapped Mapped(byte[] mail, MimeOptions? options = null) =>
        Assert.IsType<MimeResult.Mapped>(Mapper(options).Map(mail));

    public static MailHeaders Headers(byte[] mail) => Mapped(mail).Headers;

    /// <summary>All of a result on one line, to compare by.</summary>
    public static string Written(MimeResult result) => result switch
    {
        MimeResult.Mapped mapped => string.Join(
            '|',
            mapped.Headers.MessageId,
            mapped.Headers.InReplyTo,
            mapped.Headers.References,
            mapped.Headers.ThreadIndex,
            mapped.Headers.Date?.ToString("O"),
            string.Join(';', mapped.Headers.Participants),
            mapped.Headers.Subject,
            string.Join(';', mapped.Headers.Lists),
            mapped.Headers.AutoSubmitted,
            mapped.Headers.Importance,
            mapped.Headers.AttachmentCount,
            string.Join(';', mapped.Warnings)),
        _ => result.ToString(),
    };
}
