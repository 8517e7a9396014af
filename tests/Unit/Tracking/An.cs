using System.Collections.Immutable;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>Mail in plain words: <c>An.Email("r1").From("bo@fabrikam.com").Answering(first)</c>.</summary>
internal static class An
{
    public static Letter Email(string id) => new() { MessageId = $"<{id}@mail>" };
}

/// <summary>A mail of a test; every method gives another one.</summary>
internal sealed record Letter
{
    public string? MessageId { get; init; }

    public ImmutableArray<string> Answers { get; init; } = [];

    public ImmutableArray<string> References { get; init; } = [];

    public ImmutableArray<Participant> People { get; init; } = [Person(ParticipationType.Sender, "ana@contoso.com")];

    public string Subject { get; init; } = "Order";

    public DateTimeOffset? Date { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ImmutableArray<string> Lists { get; init; } = [];

    public string? Index { get; init; }

    public int Importance { get; init; } = 1;

    public ImmutableArray<string> Labels { get; init; } = [];

    public string? AutoSubmitted { get; init; }

    public string? ForwardedFrom { get; init; }

    public int Attachments { get; init; }

    /// <summary>Whether one of our users sent it; a story finds that out by itself.</summary>
    public bool IsUsers { get; init; }

    public bool IsAdmittedByHand { get; init; }

    public EmailFacts Facts => FactsOfMail.Read(new MailHeaders
    {
        MessageId = MessageId,
        InReplyTo = string.Join(' ', Answers),
        References = string.Join(' ', References),
        ThreadIndex = Index,
        Date = Date,
        Participants = People,
        Subject = Subject,
        Lists = Lists,
        Importance = Importance,
        Labels = Labels,
        AutoSubmitted = AutoSubmitted,
        AttachmentCount = Attachments,
        ForwardedFrom = ForwardedFrom is null ? null : Person(ParticipationType.Sender, ForwardedFrom),
    });

    public MessageKey Key => Facts.Thread.Key;

    public ThreadMember Member => new(Facts.Thread with { SenderIsUser = IsUsers }, IsAdmittedByHand);

    public Letter From(string address) => this with { People = People.SetItem(0, Person(ParticipationType.Sender, address)) };

    public Letter FromText(string text) => this with { People = People.SetItem(0, new(ParticipationType.Sender, null, text)) };

    public Letter FromOurUser(string address) => From(address) with { IsUsers = true };

    public Letter To(params string[] addresses) => Add(ParticipationType.ToRecipient, addresses);

    public Letter Cc(params string[] addresses) => Add(ParticipationType.CcRecipient, addresses);

    public Letter Bcc(params string[] addresses) => Add(ParticipationType.BccRecipient, addresses);

    public Letter Answering(params Letter[] letters) => this with { Answers = [.. letters.Select(letter => letter.MessageId!)] };

    /// <summary>References, oldest first.</summary>
    public Letter Naming(params Letter[] letters) => this with { References = [.. letters.Select(letter => letter.MessageId!)] };

    public Letter About(string subject) => this with { Subject = subject };

    public Letter Minute(int minute) => this with { Date = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute) };

    public Letter OnList(params string[] lists) => this with { Lists = [.. lists] };

    /// <summary>A Thread-Index of the conversation, so many replies deep.</summary>
    public Letter Indexed(byte conversation, int depth)
    {
        var bytes = new byte[22 + (5 * depth)];
        (bytes[0], bytes[10]) = (1, conversation);
        return this with { Index = Convert.ToBase64String(bytes) };
    }

    public Letter AdmittedByHand() => this with { IsAdmittedByHand = true };

    /// <summary>Another copy of it that stands for the email, or does not, whichever of the two is read first.</summary>
    public Letter CopyThat(bool leads, Func<Letter, Letter> change)
    {
        // Which copy leads hangs on a digest: a word in the sender's name turns it.
        for (var turn = 0; turn < 200; turn++)
        {
            var copy = change(this);
            copy = copy with { People = copy.People.SetItem(0, copy.People[0] with { Name = $"copy {turn}" }) };
            if (copy.Facts.Digest < Facts.Digest == leads)
            {
                return copy;
            }
        }

        throw new InvalidOperationException("No such copy was found.");
    }

    public Sighting In(string mailbox, string folder = "Inbox") => new(
        new SightingPlace(SimMail.Address(mailbox), folder, Facts.Digest.ToString()),
        folder == "Sent Items" ? FolderKind.SentItems : FolderKind.Inbox,
        Facts,
        new string('1', 64),
        1000,
        Date ?? DateTimeOffset.UnixEpoch);

    public static Participant Person(ParticipationType type, string address) => new(type, SimMail.Address(address), "");

    private Letter Add(ParticipationType type, string[] addresses) =>
        this with { People = [.. People, .. addresses.Select(address => Person(type, address))] };
}
