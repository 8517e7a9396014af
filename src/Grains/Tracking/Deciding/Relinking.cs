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
/// conversations, what people did with them, and, where the settings link what is open for a sender, what is for theirs.
/// </param>
/// <param name="Parties">The participants of the emails.</param>
[GenerateSerializer, Immutable, Alias("RelinkFacts")]
public sealed record RelinkFacts([property: Id(0)] TrackingSnapshot Facts, [property: Id(1)] ImmutableArray<StoredParties> Parties);

/// <summary>Resolves the parties of stored emails anew: as if they were decided today, by the same rules.</summary>
/// <remarks>
/// What an email is about stays, but for the word of a sender who was not known before (<see cref="SenderRegarding"/>): as when a
/// further copy tells who it is.
/// </remarks>
public static class Relinking
{
    /// <summary>The latest links and unlinks that an email's trace keeps.</summary>
    public const int TraceMax = 50;

    /// <summary>The facts of each conversation by themselves, so that one that loses a race takes no other with it.</summary>
    /// <param name="facts">What was read.</param>
    public static ImmutableArray<RelinkFacts> Parts(RelinkFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var acts = facts.Facts.Acts.SelectMany(act => act.Emails.Distinct().Select(email => (email, act)))
            .ToLookup(one => one.email, one => one.act);
        return
        [
            .. facts.Parties.GroupBy(parties => facts.Facts.Emails[parties.Email].State.ConversationId)
                .Select(conversation => new RelinkFacts(
                    facts.Facts with
                    {
                        Emails = conversation.ToDictionary(parties => parties.Email, parties => facts.Facts.Emails[parties.Email]),
                        Conversations = new Dictionary<Guid, ConversationFacts>
                        {
                            [conversation.Key] = facts.Facts.Conversations[conversation.Key],
                        },
                        Acts = [.. conversation.SelectMany(parties => acts[parties.Email]).Distinct()],
                    },
                    [.. conversation])),
        ];
    }

    /// <summary>Decides the emails of one conversation.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="facts">One of <see cref="Parts"/>; with what <see cref="TrackingDecision.NeedsMembers"/> asked for in its snapshot.</param>
    /// <param name="now">The time, for the trace; UTC.</param>
    /// <returns>
    /// What is to be stored, without answers. More is asked for when a sender who is known now says what a mail is about: then others
    /// inherit it.
    /// </returns>
    /// <remarks>An email whose parties stay is written as well: it has seen this version of the directory.</remarks>
    public static TrackingDecision Decide(string organization, RelinkFacts facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var acts = new ActLog(facts.Facts.Acts);
        ImmutableArray<EmailChange> linked =
        [
            .. facts.Parties.Select(parties => ChangeOf(facts.Facts.Emails[parties.Email], parties, acts.Of(parties.Email), facts.Facts, now)),
        ];
        return linked.Any(SaysWhatItIsAbout)
            ? InThread(organization, facts.Facts, linked)
            : Decided(organization, facts.Facts, linked, [
                .. linked.Select(email => email.Before!.State.ConversationId).Distinct()
                    .Select(id => facts.Facts.Conversations[id])
                    .Select(read => new ConversationChange(read.Id, read.Version, null, read.Stops)),
            ]);
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
        var claims = email.State.RegardingClaims;
        if (sender != email.State.SenderRecord)
        {
            claims =
            [
                .. claims.Concat(SenderRegarding.Claims(claims, SenderRegarding.Proposed(sender, facts), facts.Settings))
                    .Order(RegardingClaim.Stored),
            ];
        }

        var after = email with
        {
            State = email.State with { SenderRecord = sender, RegardingClaims = claims },
            DirectoryVersion = Math.Max(email.DirectoryVersion, facts.DirectoryVersion),
        };
        var change = new EmailChange(email, after, null, null, [], 0);
        return parties.SequenceEqual(stored.Parties)
            ? change
            : change with { Parties = parties, PartyTrace = Trace(stored, parties, now) };
    }

    // The claim of a sender is the weakest: any other that is inherited hides it, and so does what the mail answers.
    private static bool SaysWhatItIsAbout(EmailChange email) =>
        email.After.State.RegardingClaims.Length > email.Before!.State.RegardingClaims.Length &&
        email.After.State.Correlation.Email is null &&
        email.After.State.RegardingClaims.All(claim => claim.Source is RegardingSource.Sender or RegardingSource.ByHandHere);

    private static TrackingDecision InThread(string organization, TrackingSnapshot snapshot, ImmutableArray<EmailChange> linked)
    {
        var threading = new Threading(
            organization,
            [
                .. linked.Select(email => new Unplaced(
                    email.Before,
                    email.After.Facts,
                    email.After.BaseSubject,
                    email.After.State.RegardingClaims,
                    email.After.State.Accepting,
                    email.After.ReceivedOn)),
            ],
            snapshot);
        if (threading.Solve(out var missing) is not { } places)
        {
            return missing!;
        }

        var byKey = linked.ToDictionary(email => email.After.Facts.Key);
        ImmutableArray<EmailChange> emails =
        [
            .. places.Select(place => byKey.TryGetValue(place.Email.Facts.Key, out var email)
                ? email with { After = At(place, email), Trace = place.Trace, OpenClaims = place.OpenClaims }
                : ThreadChanges.Moved(place)).OfType<EmailChange>(),
        ];
        return Decided(
            organization,
            snapshot,
            emails,
            ThreadChanges.Conversations(threading, emails, snapshot),
            KeyChanges.Contested(places, snapshot));
    }

    private static KnownEmail At(Placed place, EmailChange email) => email.After with
    {
        State = Draft.StateAt(place, email.Before!.State) with { SenderRecord = email.After.State.SenderRecord },
    };

    private static TrackingDecision.Decided Decided(
        string organization,
        TrackingSnapshot snapshot,
        ImmutableArray<EmailChange> emails,
        ImmutableArray<ConversationChange> conversations,
        ImmutableArray<MessageKey> contested = default) => new(
            new TrackingChange
            {
                Organization = organization,
                SettingsVersion = snapshot.Settings.Version,
                Conversations = conversations,
                Emails = emails,
                ContestedKeys = contested.IsDefault ? [] : contested,
            },
            []);

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
