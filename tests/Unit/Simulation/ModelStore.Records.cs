using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Simulation;

/// <summary>Records that change while mail arrives, and the parties of emails.</summary>
public sealed partial class ModelStore
{
    private readonly Dictionary<RecordReference, (RecordFacts Facts, ImmutableArray<EmailAddress> Addresses)> _records = [];
    private readonly Dictionary<EmailAddress, RecordReference> _choices = [];
    private readonly Dictionary<MessageKey, ImmutableArray<TraceEntry>> _partyTraces = [];

    /// <summary>The records of an address now.</summary>
    public IReadOnlyDictionary<EmailAddress, ImmutableArray<RecordFacts>> Directory { get; private set; } = given.Directory;

    public long DirectoryVersion { get; private set; }

    public List<DirectoryChange> Changes { get; } = [];

    public Dictionary<MessageKey, ImmutableArray<ActivityParty>> Parties { get; } = [];

    public ImmutableArray<TraceEntry> PartyTraceOf(MessageKey email) => _partyTraces.GetValueOrDefault(email, []);

    public void Save(RecordFacts facts, params ImmutableArray<EmailAddress> addresses)
    {
        var held = _records.TryGetValue(facts.Reference, out var before) ? before.Addresses : [];
        _records[facts.Reference] = (facts, addresses);
        Change([.. held.Union(addresses).Union(_choices.Where(one => one.Value == facts.Reference).Select(one => one.Key))]);
    }

    /// <summary>Chooses a saved record for an address, or takes the choice back.</summary>
    public void Choose(EmailAddress address, RecordReference? record)
    {
        if (record is { } one)
        {
            _choices[address] = one;
        }
        else
        {
            _choices.Remove(address);
        }

        Change([address]);
    }

    private void Change(ImmutableArray<EmailAddress> addresses)
    {
        Directory = world.Directory
            .SelectMany(one => one.Value.Select(given => (Address: one.Key, Facts: given)))
            .Concat(_records.Values.SelectMany(record => record.Addresses
                .Union(_choices.Where(choice => choice.Value == record.Facts.Reference).Select(choice => choice.Key))
                .Select(address => (Address: address, Facts: record.Facts with
                {
                    IsChosen = _choices.TryGetValue(address, out var chosen) && chosen == record.Facts.Reference,
                    IsByChoiceAlone = !record.Addresses.Contains(address),
                }))))
            .GroupBy(one => one.Address, one => one.Facts)
            .ToDictionary(group => group.Key, group => group.ToImmutableArray());
        Changes.Add(new DirectoryChange(++DirectoryVersion, DateTimeOffset.UnixEpoch, addresses));
    }

    /// <summary>Deletes a record, and links anew what named it.</summary>
    public void Forget(RecordReference record)
    {
        NewRecords.Remove(record);
        var addresses = _records[record].Addresses;
        Save(_records[record].Facts);
        _records.Remove(record);
        Changes[^1] = Changes[^1] with { Addresses = addresses };
        Link();
    }

    /// <summary>Resolves anew what has not seen the changes, until all has.</summary>
    public void Link()
    {
        foreach (var change in Changes)
        {
            for (var round = 0; ; round++)
            {
                Assert.True(round < 50, "Emails lose against each other again and again.");
                var parts = Relinking.Parts(ReadRelink(change));

                // What one says of its thread may be about a conversation that another was decided on.
                if (!parts.Select(part => Commit(Relinked(part), [])).ToArray().Contains(false))
                {
                    break;
                }
            }
        }
    }

    private RelinkFacts ReadRelink(DirectoryChange change)
    {
        ImmutableArray<StoredParties> stored =
        [
            .. Emails.Values
                .Where(email => email.DirectoryVersion < change.Version && Parties[email.Facts.Key]
                    .Any(party => party.Participant.Address is { } address && change.Addresses.Contains(address)))
                .Select(email => new StoredParties(email.Facts.Key, Parties[email.Facts.Key], PartyTraceOf(email.Facts.Key))),
        ];
        var emails = stored.Select(parties => Emails[parties.Email]).ToDictionary(email => email.Facts.Key);
        return new RelinkFacts(
            new TrackingSnapshot
            {
                Settings = world.Settings,
                Mailboxes = world.Mailboxes.ToDictionary(mailbox => mailbox.Address),
                Directory = Directory,
                DirectoryVersion = DirectoryVersion,
                Related = world.Related,
                Emails = emails,
                Conversations = Conversations(emails.Values, complete: false),
                Acts = [.. Acts],
            },
            stored);
    }

    private TrackingChange Relinked(RelinkFacts part)
    {
        for (var round = 0; round < 50; round++)
        {
            switch (Relinking.Decide(Organization, part, DateTimeOffset.UnixEpoch))
            {
                case TrackingDecision.Decided decided:
                    return decided.Change;
                case TrackingDecision.NeedsMembers needs:
                    part = part with { Facts = ReadMembers(part.Facts, needs.Conversations, needs.Keys) };
                    break;
            }
        }

        throw new InvalidOperationException("The decision asks for more again and again.");
    }

    private void StoreParties(EmailChange email)
    {
        var key = email.After.Facts.Key;
        if ((email.Parties ?? email.Content?.Parties) is { } parties)
        {
            Parties[key] = parties;
            _partyTraces[key] = email.PartyTrace ?? [];
        }
        else if (email.Before?.State.SenderRecord != email.After.State.SenderRecord)
        {
            Parties[key] =
            [
                .. Parties[key].Select(party => party.Participant.Type == ParticipationType.Sender
                    ? party with { Record = email.After.State.SenderRecord }
                    : party),
            ];
        }
    }
}
