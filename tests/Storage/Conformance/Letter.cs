using System.Security.Cryptography;
using System.Text;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>A small mail, and its sightings.</summary>
public sealed record Letter(string Id)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public string From { get; init; } = "ana@contoso.com";

    public string To { get; init; } = "bo@fabrikam.com";

    public string? Cc { get; init; }

    public string? Answers { get; init; }

    public string? References { get; init; }

    public string Subject { get; init; } = "Offer";

    public int Minute { get; init; }

    public string? ThreadIndex { get; init; }

    public string? AutoSubmitted { get; init; }

    public string? List { get; init; }

    public MessageKey Key => Facts.Thread.Key;

    public EmailFacts Facts => FactsOfMail.Read(new MailHeaders
    {
        MessageId = $"<{Id}>",
        InReplyTo = Answers is null ? null : $"<{Answers}>",
        References = References is null ? null : string.Join(' ', References.Split(' ').Select(id => $"<{id}>")),
        Date = Start.AddMinutes(Minute),
        Participants = [.. Participants()],
        Subject = Subject,
        ThreadIndex = ThreadIndex,
        AutoSubmitted = AutoSubmitted,
        Lists = List is null ? [] : [List],
        Importance = 2,
        AttachmentCount = 3,
    });

    public static EmailAddress Address(string text) =>
        EmailAddress.TryParse(text, out var address) ? address : throw new ArgumentException($"{text} is no address.");

    /// <summary>A Thread-Index of one conversation, so many replies below its first mail.</summary>
    public static string Index(string conversation, int depth)
    {
        var bytes = new byte[22 + (5 * depth)];
        SHA256.HashData(Encoding.UTF8.GetBytes(conversation)).AsSpan(0, 21).CopyTo(bytes.AsSpan(1));
        bytes[0] = 1;
        bytes[1] = 0xd9;
        return Convert.ToBase64String(bytes);
    }

    /// <summary>The mail as it was seen in a mailbox.</summary>
    public Sighting In(string mailbox, string folder = "Inbox", FolderKind kind = FolderKind.Inbox)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToString())));
        return new Sighting(
            new SightingPlace(Address(mailbox), folder, hash), kind, Facts, hash, 4_711, Start.AddMinutes(Minute).AddSeconds(20));
    }

    private IEnumerable<Participant> Participants() =>
    [
        new(ParticipationType.Sender, Address(From), "Ana"),
        .. To.Split(' ').Select(to => new Participant(ParticipationType.ToRecipient, Address(to), "")),
        .. (Cc?.Split(' ') ?? []).Select(cc => new Participant(ParticipationType.CcRecipient, Address(cc), "Copy")),
    ];
}
