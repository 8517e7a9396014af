using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>An email's participants as they are stored.</summary>
/// <param name="Email">The email's key.</param>
/// <param name="Parties">Its participants and their records, in order.</param>
/// <param name="Trace">How they were resolved.</param>
[GenerateSerializer, Immutable, Alias("StoredParties")]
public sealed record StoredParties(
    [property: Id(0)] MessageKey Email,
    [property: Id(1)] ImmutableArray<ActivityParty> Parties,
    [property: Id(2)] ImmutableArray<TraceEntry> Trace);

/// <summary>Emails whose parties are to be resolved anew, and all that this may ask, of one moment.</summary>
/// <param name="Facts">
/// The settings, the directory of the emails' addresses and its version, the mailboxes that accepted them, the emails, their
/// conversations, and what people did with them.
/// </param>
/// <param name="Parties">The participants of the emails.</param>
[GenerateSerializer, Immutable, Alias("RelinkFacts")]
public sealed record RelinkFacts([property: Id(0)] TrackingSnapshot Facts, [property: Id(1)] ImmutableArray<StoredParties> Parties);

/// <summary>Resolves the parties of stored emails anew: as if they were decided today, by the same rules.</summary>
public static class Relinking
{
    /// <summary>The latest links and unlinks that an email's trace keeps.</summary>
    public const int TraceMax = 50;

    /// <summary>What is to be stored: a change for each conversation, so that one that loses a race takes no other with it.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="facts">What was read.</param>
    /// <param name="now">The time, for the trace; UTC.</param>
    /// <remarks>An email whose parties stay is written as well: it has seen this version of the directory.</remarks>
    public static ImmutableArray<TrackingChange> Decide(string organization, RelinkFacts facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var acts = new ActLog(facts.Facts.Acts);
        return
        [
            .. facts.Parties
                .Select(parties => ChangeOf(facts.Facts.Emails[parties.Email], parties, acts.Of(parties.Email), facts.Facts, now))
                .GroupBy(email => email.After.State.ConversationId)
                .Select(emails => new TrackingChange
                {
                    Organization = organization,
                    SettingsVersion = facts.Facts.Settings.Version,
                    Conversations = [Read(facts.Facts.Conversations[emails.Key])],
                    Emails = [.. emails],
                }),
        ];
    }

    /// <summary>The participants that parties were made of: one that stands for several records is one again.</summary>
    /// <param name="parties">Parties as <see cref="Parties.Resolve(EmailFacts, RecordReference?, Func{EmailAddress, IEnumerable{RecordFacts}}, TrackingSettings)"/> gives them.</param>
    public static ImmutableArray<Participant> ParticipantsOf(ImmutableArray<ActivityParty> parties)
    {
        var participants = ImmutableArray.CreateBuilder<Participant>();
        foreach (var (index, party) in parties.Index())
        {
            if (index == 0 || !Continues(parties[index - 1], party))
            {
                participants.Add(party.Participant);
            }
        }

        return participants.DrainToImmutable();
    }

    private static EmailChange ChangeOf(
        KnownEmail email, StoredParties stored, HandFacts hand, TrackingSnapshot facts, DateTimeOffset now)
    {
        var records = hand.RecordsBy(facts.RecordsOf);
        var accepting = email.State.Accepting is { } entity ? facts.Mailboxes.GetValueOrDefault(entity.Mailbox) : null;
        var owner = Parties.TrackingOwner(accepting, facts.RecordsOf);
        var sender = Parties.SenderOf(email.Sender, owner, records, facts.Settings);
        var parties = Parties.Resolve(ParticipantsOf(stored.Parties), sender, records, facts.Settings);
        var after = email with
        {
            State = email.State with { SenderRecord = sender },
            DirectoryVersion = Math.Max(email.DirectoryVersion, facts.DirectoryVersion),
        };
        var change = new EmailChange(email, after, null, null, [], 0);
        return parties.SequenceEqual(stored.Parties)
            ? change
            : change with { Parties = parties, PartyTrace = Trace(stored, parties, now) };
    }

    private static ConversationChange Read(ConversationFacts conversation) =>
        new(conversation.Id, conversation.Version, null, conversation.Stops);

    // The records of one participant ascend, so the next one of the same name and address begins where they do not.
    private static bool Continues(ActivityParty before, ActivityParty party) =>
        party.Participant.Type != ParticipationType.Sender && before.Participant == party.Participant &&
        before.Record is { } one && party.Record is { } other && Compare(one, other) < 0;

    private static int Compare(RecordReference one, RecordReference other)
    {
        var order = string.CompareOrdinal(one.LogicalName, other.LogicalName);
        return order != 0 ? order : one.Id.CompareTo(other.Id);
    }

    private static ImmutableArray<TraceEntry> Trace(StoredParties stored, ImmutableArray<ActivityParty> parties, DateTimeOffset now)
    {
        var (before, after) = (Links(stored.Parties), Links(parties));
        var time = now.ToString("u", CultureInfo.InvariantCulture);
        var later = stored.Trace.Where(IsLater)
            .Concat(before.Except(after).Select(link => Entry(TraceCode.UnlinkedLater, link, time)))
            .Concat(after.Except(before).Select(link => Entry(TraceCode.LinkedLater, link, time)));
        return [.. stored.Trace.Where(entry => !IsLater(entry)), .. later.TakeLast(TraceMax)];
    }

    private static bool IsLater(TraceEntry entry) => entry.Code is TraceCode.LinkedLater or TraceCode.UnlinkedLater;

    private static (string Address, RecordReference Record)[] Links(ImmutableArray<ActivityParty> parties) =>
    [
        .. parties.Where(party => party.Record is not null)
            .Select(party => (party.Participant.Address?.Value ?? party.Participant.Name, party.Record!.Value))
            .Distinct(),
    ];

    private static TraceEntry Entry(TraceCode code, (string Address, RecordReference Record) link, string time) =>
        TraceEntry.Of(code, link.Address, link.Record.ToString(), time);
}
