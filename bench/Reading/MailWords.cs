using MimeKit;

namespace EmailTracking.Bench.Reading;

/// <summary>What of a mail people ask for it by.</summary>
/// <param name="MessageId">Its Message-ID without brackets.</param>
/// <param name="Sender">The address in From; null when there is none that can be read.</param>
/// <param name="Word">The longest word of its subject that is made of letters; null when there is none.</param>
internal sealed record MailWords(string MessageId, string? Sender, string? Word)
{
    private const int WordMin = 4;

    public static MailWords Of(byte[] mail)
    {
        using var stream = new MemoryStream(mail);
        var headers = HeaderList.Load(stream);
        var senders = InternetAddressList.TryParse(headers[HeaderId.From] ?? "", out var read) ? read : [];
        return new MailWords(
            (headers[HeaderId.MessageId] ?? "").Trim().Trim('<', '>'),
            senders.Mailboxes.FirstOrDefault()?.Address is { } address && Tracking.Mail.EmailAddress.TryParse(address, out _) ? address : null,
            (headers[HeaderId.Subject] ?? "").Split(' ').Where(word => word.Length >= WordMin && word.All(char.IsAsciiLetter)).MaxBy(word => word.Length));
    }
}
