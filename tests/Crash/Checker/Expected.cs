using System.Security.Cryptography;

namespace EmailTracking.Tests.Crash.Checker;

/// <summary>What has to be stored when deliveries have all been taken, worked out from their raw bytes alone.</summary>
/// <remarks>
/// It covers mail that has a Message-ID of its own, mailboxes that take all mail or answers to tracked mail, and threads whose
/// writers all have ground with each other. It knows nothing of strangers, tokens, Thread-Index, or records
/// but those that unknown senders become.
/// </remarks>
public sealed class Expected
{
    private readonly Dictionary<string, RawMail> _mails = [];
    private readonly HashSet<string> _tracked = [];
    private readonly Dictionary<string, string> _above = [];

    public Expected(IEnumerable<Made> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            var mail = RawMail.Read(delivery.Raw);
            _mails[mail.Id] = mail;
            Sightings.Add((delivery.Mailbox, delivery.Folder, Convert.ToHexStringLower(SHA256.HashData(delivery.Raw)), mail.Id));
        }

        Track();
        foreach (var id in _tracked)
        {
            foreach (var named in _mails[id].Names)
            {
                _above[Top(id)] = Top(named);
            }
        }
    }

    /// <summary>Every copy that was seen: where, its bytes, its id. To be decided once each.</summary>
    public HashSet<(string Mailbox, string Folder, string Hash, string Id)> Sightings { get; } = [];

    /// <summary>Every mail by its id.</summary>
    public IReadOnlyCollection<string> Mails => _mails.Keys;

    /// <summary>The mails that somebody wants: one activity each.</summary>
    public IReadOnlyCollection<string> Tracked => _tracked;

    /// <summary>Who wrote tracked mail: nobody knew them, so that each is one contact.</summary>
    public IEnumerable<string> Senders => _tracked.Select(id => _mails[id].From).Distinct();

    /// <summary>Where a mail was seen.</summary>
    public ILookup<string, string> Mailboxes => Sightings.ToLookup(sighting => sighting.Id, sighting => sighting.Mailbox);

    /// <summary>The conversations: which tracked mails belong together.</summary>
    public IEnumerable<IGrouping<string, string>> Conversations => _tracked.GroupBy(Top);

    /// <summary>The tracked mail that a mail answers: the nearest that it names; null when it answers none.</summary>
    public string? ParentOf(string id) => _mails[id].Names.FirstOrDefault(_tracked.Contains);

    /// <summary>What is to be decided of a copy.</summary>
    public string OutcomeOf(string mailbox, string id) =>
        !MailMaker.AnswersOnly.Contains(mailbox) || ParentOf(id) is not null ? "Tracked"
        : _mails[id].Names.Any() ? "Waiting"
        : "Skipped";

    // What one mail's acceptance lets in, lets in others: until nothing changes.
    private void Track()
    {
        for (var before = -1; before != _tracked.Count;)
        {
            before = _tracked.Count;
            var wanted = Sightings.Where(one => OutcomeOf(one.Mailbox, one.Id) == "Tracked").Select(one => one.Id);
            _tracked.UnionWith(wanted.ToArray());
        }
    }

    private string Top(string id)
    {
        while (_above.TryGetValue(id, out var above) && above != id)
        {
            id = above;
        }

        return id;
    }
}
