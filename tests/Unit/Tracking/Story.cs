using System.Collections.Immutable;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>Mailboxes and records, and what becomes of the mail that is seen, one after the other.</summary>
/// <remarks>Without other words: mailboxes take all mail, and nobody is a record.</remarks>
internal sealed class Story
{
    private readonly List<MailboxFacts> _mailboxes = [];
    private readonly Dictionary<EmailAddress, ImmutableArray<RecordFacts>> _directory = [];
    private readonly Dictionary<RecordReference, ImmutableArray<RecordReference>> _related = [];
    private ModelStore? _store;

    /// <summary>The store of an earlier story, to go on with under other settings.</summary>
    public ModelStore? Past { get; init; }

    public ModelStore Store => _store ??= Past is not null ? Past.With(Settings) : new ModelStore(
        new SimWorld([.. _mailboxes])
        {
            Directory = _directory.ToImmutableDictionary(), Settings = Settings, Related = _related.ToImmutableDictionary(),
        });

    public TrackingSettings Settings { get; init; } = new();

    /// <summary>Every trace entry that was written, of sightings and of emails.</summary>
    public List<TraceEntry> Traces { get; } = [];

    public Story Mailbox(
        string address,
        FilterMethod filter = FilterMethod.All,
        bool isQueue = false,
        Guid? owner = null,
        PersonalOptions? options = null,
        params TrackingFolder[] folders)
    {
        var record = owner is { } id ? new RecordReference(isQueue ? Tables.Queue : Tables.SystemUser, id) : default(RecordReference?);
        _mailboxes.Add(new MailboxFacts(SimMail.Address(address), record, isQueue, filter, [.. folders])
        {
            Options = options ?? new PersonalOptions(),
        });
        return this;
    }

    public Story Record(string address, RecordFacts record)
    {
        var key = SimMail.Address(address);
        _directory[key] = [.. _directory.GetValueOrDefault(key, []), record];
        return this;
    }

    /// <summary>What belongs to a sender's record: its account, and the open cases and opportunities of both.</summary>
    public Story Related(RecordReference sender, params RecordReference[] records)
    {
        _related[sender] = [.. records];
        return this;
    }

    public Story User(string address) => Record(address, Known.Record(Tables.SystemUser, 900));

    /// <summary>The email, once it was seen and all that followed is done; null while no mailbox wants it.</summary>
    public KnownEmail? See(Letter letter, string mailbox = "sales@contoso.com", string folder = "Inbox")
    {
        See(letter.In(mailbox, folder));
        return Store.Emails.GetValueOrDefault(Store.Decisions[letter.In(mailbox, folder).Place].Decision.Email);
    }

    /// <summary>Decides sightings as one batch.</summary>
    public ImmutableArray<SightingAnswer> See(params Sighting[] sightings)
    {
        if (_mailboxes.Count == 0)
        {
            Mailbox("sales@contoso.com");
        }

        var answers = Decide([.. sightings]);
        Drain();
        return answers;
    }

    /// <summary>Does something by hand, and all that follows.</summary>
    /// <returns>Why it was refused; null when it was done.</returns>
    public string? Do(ActKind kind, Letter letter, int minute = 100, Letter? other = null, RecordReference? record = null, bool only = false) => Do(
        new ActRequest
        {
            Id = Known.Id(1000 + Store.Acts.Count),
            Kind = kind,
            By = "Ana",
            On = An.Email("").Minute(minute).Date!.Value,
            Emails = other is null ? [letter.Key] : [letter.Key, other.Key],
            Record = record,
            ForTheseOnly = only,
        });

    /// <summary>Says which record an address stands for in one email, and links what follows.</summary>
    /// <returns>Why it was refused; null when it was done.</returns>
    public string? Resolve(Letter letter, string address, RecordReference record, int minute = 100)
    {
        var problem = Do(new ActRequest
        {
            Id = Known.Id(1000 + Store.Acts.Count),
            Kind = ActKind.Resolve,
            By = "Ana",
            On = An.Email("").Minute(minute).Date!.Value,
            Emails = [letter.Key],
            Record = record,
            Address = SimMail.Address(address),
            Parties = [.. Store.Parties.GetValueOrDefault(letter.Key, []).Select(party => party.Participant.Address).OfType<EmailAddress>()],
        });
        Store.Link();
        return problem;
    }

    /// <summary>Takes the latest act back that was not taken back.</summary>
    public string? Undo(int minute = 200)
    {
        var log = new ActLog(Store.Acts);
        return Undo(Store.Acts.Last(act => act.Kind != ActKind.Undo && log.UndoingOf(act.Id) is null), minute);
    }

    public string? Undo(Act act, int minute = 200) => Do(new ActRequest
    {
        Id = Known.Id(1000 + Store.Acts.Count),
        Kind = ActKind.Undo,
        By = "Ben",
        On = An.Email("").Minute(minute).Date!.Value,
        Undone = act,
        Unwanted = act.Kind == ActKind.Track ? [.. act.Emails.Where(email => !IsWanted(email))] : [],
    });

    private bool IsWanted(MessageKey email) => Store.Decisions.Values
        .Select(stored => stored.Decision)
        .Any(decision => decision.Email == email && decision is { Outcome: Outcome.Tracked, Reason: not ReasonCode.TrackedByHand });

    /// <summary>Erases emails as one part of an erasure.</summary>
    public string? Erase(params Letter[] letters) => Erase([.. letters.Select(letter => letter.Key)]);

    /// <inheritdoc cref="Erase(Letter[])"/>
    public string? Erase(ImmutableArray<MessageKey> emails) => Do(new ActRequest
    {
        Id = Known.Id(1000 + Store.Acts.Count),
        Kind = ActKind.Erase,
        By = "Ana",
        On = An.Email("").Minute(150).Date!.Value,
        Emails = emails,
        Erasure = Known.Id(7),
    });

    /// <summary>The email as it stands now.</summary>
    public KnownEmail this[Letter letter] => Store.Emails[letter.Key];

    public EmailState Of(Letter letter) => this[letter].State;

    public bool AreTogether(Letter one, Letter other) => Of(one).ConversationId == Of(other).ConversationId;

    /// <summary>Does what is asked, and all that follows.</summary>
    /// <returns>Why it was refused; null when it was done.</returns>
    public string? Do(ActRequest request)
    {
        var snapshot = Store.ReadMembers(new TrackingSnapshot { Settings = Settings }, [], [.. request.Undone?.Emails ?? request.Emails]);
        while (true)
        {
            switch (ByHand.Decide(ModelStore.Organization, request, snapshot))
            {
                case ActDecision.Refused refused:
                    return refused.Problem;
                case ActDecision.NeedsMembers { Members: var needs }:
                    snapshot = Store.ReadMembers(snapshot, needs.Conversations, needs.Keys);
                    break;
                case ActDecision.Decided { Change: var change }:
                    Traces.AddRange(change.Emails.SelectMany(email => (email.Trace ?? []).Concat(email.PartyTrace ?? [])));
                    Assert.True(Store.Commit(change, []), "A change that nobody raced must count.");
                    Drain();
                    return null;
            }
        }
    }

    private void Drain()
    {
        for (var round = 0; Store.Outbox.Count > 0; round++)
        {
            Assert.True(round < 50, "The outbox does not become empty.");
            foreach (var place in Store.Outbox.ToArray())
            {
                Decide([Store.Decisions[place].Sighting with { IsRetry = true }]);
            }
        }
    }

    private ImmutableArray<SightingAnswer> Decide(ImmutableArray<Sighting> sightings)
    {
        var snapshot = Store.ReadFacts(sightings);
        for (var round = 0; round < 50; round++)
        {
            switch (Tracker.Decide(ModelStore.Organization, sightings, snapshot))
            {
                case TrackingDecision.NeedsMembers needs:
                    snapshot = Store.ReadMembers(snapshot, needs.Conversations, needs.Keys);
                    break;
                case TrackingDecision.Decided decided:
                    Traces.AddRange(decided.Change.Decisions.SelectMany(decision => decision.Trace));
                    Traces.AddRange(decided.Change.Emails.SelectMany(email => (email.Trace ?? []).Concat(email.PartyTrace ?? [])));
                    Assert.True(Store.Commit(decided.Change, sightings), "A change that nobody raced must count.");
                    return decided.Answers;
            }
        }

        throw new InvalidOperationException("The decision asks for more again and again.");
    }
}

/// <summary>Records by number.</summary>
internal static class Known
{
    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    public static RecordReference Reference(string table, int number) => new(table, Id(number));

    public static RecordFacts Record(string table, int number, bool active = true, int? owner = null, int day = 0) => new(
        Reference(table, number),
        active,
        owner is { } one ? Id(one) : null,
        DateTimeOffset.UnixEpoch.AddDays(day));
}
