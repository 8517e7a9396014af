using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Simulation;

/// <summary>A mail of the simulation, in plain words; ids and addresses are short names.</summary>
public sealed record SimMail(
    string Id, string From, ImmutableArray<string> To, ImmutableArray<string> Answers, ImmutableArray<string> References, int Day)
{
    public string? List { get; init; }

    public string Subject { get; init; } = "Order";

    /// <summary>For example "7/2": the conversation of index 7, two replies deep.</summary>
    public string? Index { get; init; }

    /// <summary>When mailboxes received it: as it was sent, or long ago.</summary>
    public DateTimeOffset ReceivedOn => Minute(Math.Max(Day, 0));

    /// <summary>A moment of the simulation.</summary>
    public static DateTimeOffset Minute(int day) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(day);

    public EmailFacts Facts() => FactsOfMail.Read(Headers());

    public MailHeaders Headers() => new()
    {
        MessageId = $"<{Id}@x>",
        InReplyTo = string.Join(' ', Answers.Select(id => $"<{id}@x>")),
        References = string.Join(' ', References.Select(id => $"<{id}@x>")),
        ThreadIndex = IndexHeader(),
        Date = Day < 0 ? null : Minute(Day),
        Participants =
        [
            new Participant(ParticipationType.Sender, Address(From), From),
            .. To.Select(to => new Participant(ParticipationType.ToRecipient, Address(to), to)),
        ],
        Subject = Subject,
        Lists = List is null ? [] : [List],
    };

    public static EmailAddress Address(string name) =>
        EmailAddress.TryParse(name, out var address) ? address : throw new ArgumentException(name);

    public override string ToString() =>
        $"{Id} {From}>{string.Join(',', To)} irt[{string.Join(',', Answers)}] ref[{string.Join(',', References)}] day {Day}" +
        (List is null ? "" : $" list {List}") + (Index is null ? "" : $" index {Index}") + (Subject == "Order" ? "" : $" '{Subject}'");

    private string? IndexHeader()
    {
        if (Index is null)
        {
            return null;
        }

        var parts = Index.Split('/');
        var bytes = new byte[22 + (5 * int.Parse(parts[1]))];
        bytes[0] = 1;
        bytes[10] = byte.Parse(parts[0]);
        return Convert.ToBase64String(bytes);
    }
}

/// <summary>One copy of a mail in a folder of a mailbox.</summary>
public sealed record SimSighting(SimMail Mail, string Mailbox, string Folder)
{
    public Sighting Sighting() => new(
        new SightingPlace(SimMail.Address(Mailbox), Folder, Mail.ToString() + Mail.Subject),
        Folder == "Sent Items" ? FolderKind.SentItems : FolderKind.Inbox,
        Mail.Facts(),
        new string('1', 64),
        1000,
        Mail.ReceivedOn);

    public override string ToString() => $"{Mail} in {Mailbox}/{Folder}";
}

/// <summary>The fixed surroundings of a simulation: mailboxes, records, settings.</summary>
public sealed record SimWorld(ImmutableArray<MailboxFacts> Mailboxes)
{
    public ImmutableDictionary<EmailAddress, ImmutableArray<RecordFacts>> Directory { get; init; } =
        ImmutableDictionary<EmailAddress, ImmutableArray<RecordFacts>>.Empty;

    public ImmutableDictionary<RecordReference, ImmutableArray<RecordReference>> Related { get; init; } =
        ImmutableDictionary<RecordReference, ImmutableArray<RecordReference>>.Empty;

    public TrackingSettings Settings { get; init; } = new();
}
