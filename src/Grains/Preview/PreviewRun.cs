using System.Collections.Immutable;
using System.Security.Cryptography;
using EmailTracking.Intake;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Preview;

/// <summary>The work of one preview: reads mail once, and lets every filter decide it.</summary>
/// <remarks>Not for two callers at once. It takes both cores of a small machine while it decides.</remarks>
public sealed class PreviewRun
{
    /// <summary>How many mails are decided together, unless it is said otherwise.</summary>
    public const int BatchMax = 256;

    private const int ProblemsMax = 20;
    private const string Folder = "Inbox";
    private const string NobodysMailbox = "preview@localhost";

    private readonly string _organization;
    private readonly PreviewRequest _request;
    private readonly PreviewLimits _limits;
    private readonly ITrackingStore _store;
    private readonly IMailParser _parser;
    private readonly TimeProvider _time;
    private readonly int _batchMax;
    private readonly ImmutableArray<FilterTrial> _trials;
    private readonly Queue<(string Source, long Size, EmailFacts Facts, string Hash)> _undecided = new();
    private readonly Dictionary<EmailAddress, ImmutableArray<RecordFacts>> _directory = [];
    private readonly List<ShownMail> _mails = [];
    private readonly List<PreviewProblem> _problems = [];
    private MailboxFacts? _mailbox;
    private int _taken;
    private int _problemCount;
    private int _cut;
    private int _known;
    private long _bytes;
    private bool _ended;
    private bool _broken;

    /// <summary>Begins.</summary>
    /// <param name="organization">The organization whose facts are asked.</param>
    /// <param name="request">Where the mail is imagined to lie.</param>
    /// <param name="limits">How much is taken.</param>
    /// <param name="store">The real store; it is only read.</param>
    /// <param name="parser">Reads mail.</param>
    /// <param name="time">Dates mail that has no date.</param>
    /// <param name="batchMax">How many mails are decided together.</param>
    public PreviewRun(
        string organization,
        PreviewRequest request,
        PreviewLimits limits,
        ITrackingStore store,
        IMailParser parser,
        TimeProvider time,
        int batchMax = BatchMax)
    {
        (_organization, _request, _limits, _store) = (organization, request, limits, store);
        (_parser, _time, _batchMax) = (parser, time, batchMax);
        _trials = [.. Enum.GetValues<FilterMethod>().Order().Select(filter => new FilterTrial(organization, filter, store))];
    }

    /// <summary>How far it is.</summary>
    public PreviewProgress Progress => new(_taken, _mails.Count, IsFull, _ended);

    /// <summary>The mailbox; null before the first mail is decided.</summary>
    public MailboxFacts? Mailbox => _mailbox;

    internal IReadOnlyList<ShownMail> Mails => _mails;

    private bool IsFull => _mails.Count + _undecided.Count >= _limits.MailsMax;

    /// <summary>Takes the next mails, and decides as many as make whole batches.</summary>
    /// <exception cref="PreviewException">They are not the next, or are more than is taken.</exception>
    public async Task<PreviewProgress> AddAsync(int from, ImmutableArray<PreviewItem> items, CancellationToken cancellationToken)
    {
        if (from + items.Length <= _taken)
        {
            return Progress;
        }

        _bytes += items.Sum(item => (long)item.Content.Length);
        if (from != _taken || _ended || _bytes > _limits.BytesMax)
        {
            throw new PreviewException(_bytes > _limits.BytesMax
                ? $"A preview takes at most {_limits.BytesMax:N0} bytes. Nothing was changed; split the file, or raise " +
                    "EmailTracking__Preview__BytesMax."
                : "The parts of the file came in another order than they were sent in. Begin again.");
        }

        _taken += items.Length;
        await Task.Run(() => Read(items), cancellationToken);
        while (_undecided.Count >= _batchMax)
        {
            await DecideAsync(cancellationToken);
        }

        return Progress;
    }

    /// <summary>Decides what is left.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        while (_undecided.Count > 0 || _broken)
        {
            await DecideAsync(cancellationToken);
        }

        _ended = true;
    }

    /// <summary>What it came to so far.</summary>
    public PreviewSummary Summarize() => new(
        Progress,
        _mailbox?.Address,
        _mailbox?.IsQueue ?? _request.IsQueue,
        [.. _trials.Select(trial => TrialVerdicts.Tally(trial, _mails))],
        _mails.Count(mail => TrialVerdicts.Differ(_trials, mail)),
        _known,
        _cut,
        _problemCount,
        [.. _problems]);

    /// <summary>The mails that a query asks for.</summary>
    public ImmutableArray<PreviewMail> Find(PreviewQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return
        [
            .. _mails.Skip(Math.Max(0, query.After))
                .Where(mail => !query.OnlyDiffering || TrialVerdicts.Differ(_trials, mail))
                .Where(mail => query.MessageId is null || mail.Facts.MessageId?.Value == query.MessageId)
                .Take(Math.Clamp(query.CountMax, 0, PreviewQuery.CountCeiling))
                .Select(Show),
        ];
    }

    internal PreviewMail Show(ShownMail mail) => new(
        mail.Number,
        mail.Source,
        mail.Facts.MessageId?.Value,
        mail.Facts.Subject,
        mail.Facts.Sender,
        mail.Facts.Thread.SentOn,
        [.. _trials.Select(trial => TrialVerdicts.Of(trial, mail))]);

    internal FilterTrial TrialOf(FilterMethod filter) => _trials.Single(trial => trial.Filter == filter);

    private void Read(ImmutableArray<PreviewItem> items)
    {
        var read = new (ParsedMail? Mail, string Hash)[items.Length];
        Parallel.For(0, items.Length, i =>
        {
            if (items[i].Problem is null)
            {
                read[i] = (_parser.Parse(items[i].Content), Convert.ToHexStringLower(SHA256.HashData(items[i].Content.Span)));
            }
        });
        foreach (var (item, (mail, hash)) in items.Zip(read))
        {
            switch (mail)
            {
                case ParsedMail.Mail parsed when !IsFull:
                    _cut += item.IsCut ? 1 : 0;
                    _undecided.Enqueue((item.Source, item.Content.Length, FactsOfMail.Read(parsed.Headers), hash));
                    break;
                case ParsedMail.None none:
                    Note(item.Source, none.Problem);
                    break;
                case null:
                    Note(item.Source, item.Problem!);
                    break;
            }
        }
    }

    private void Note(string source, string problem)
    {
        _problemCount++;
        if (_problems.Count < ProblemsMax)
        {
            _problems.Add(new PreviewProblem(source, problem));
        }
    }

    private async Task DecideAsync(CancellationToken cancellationToken)
    {
        if (_broken)
        {
            throw new PreviewException("The preview was interrupted in the middle of its mails. Nothing was changed; begin again.");
        }

        // Until every filter has decided the batch: some may have, and would decide it twice.
        _broken = true;
        var batch = Enumerable.Range(0, Math.Min(_batchMax, _undecided.Count)).Select(_ => _undecided.Dequeue()).ToArray();
        var address = _mailbox?.Address ?? _request.Mailbox ?? MostAddressed(batch.Select(one => one.Facts));

        // Decided again each time that it is asked, so that every mail has a decision of its own with its trace.
        ImmutableArray<Sighting> sightings =
        [
            .. batch.Select(one => new Sighting(
                new SightingPlace(address, Folder, one.Hash),
                FolderNames.KindOf(Folder),
                one.Facts,
                one.Hash,
                one.Size,
                one.Facts.Thread.SentOn ?? _time.GetUtcNow(),
                IsRetry: true)),
        ];
        var facts = await _store.ReadFactsAsync(_organization, sightings, cancellationToken);
        foreach (var (person, records) in facts.Directory)
        {
            // Mail that waited is decided again in a later batch.
            _directory.TryAdd(person, records);
        }

        var mailbox = _mailbox ??= facts.Mailboxes.GetValueOrDefault(address) ??
            new MailboxFacts(address, null, _request.IsQueue, FilterMethod.All, []);
        _known += sightings.Count(sighting => facts.BearerOf(sighting.Facts.Thread.IdKey) is not null);
        await Task.WhenAll(_trials.Select(trial => Task.Run(
            () => trial.DecideAsync(facts with { Directory = _directory }, mailbox, sightings, cancellationToken), cancellationToken)));
        foreach (var (mail, sighting) in batch.Zip(sightings))
        {
            _mails.Add(new ShownMail(_mails.Count + 1, mail.Source, mail.Facts, sighting.Place));
        }

        _broken = false;
    }

    private static EmailAddress MostAddressed(IEnumerable<EmailFacts> mails)
    {
        var most = mails
            .SelectMany(mail => mail.Recipients.Select(recipient => recipient.Address).OfType<EmailAddress>().Distinct())
            .GroupBy(address => address)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key.Value, StringComparer.Ordinal)
            .Select(group => (EmailAddress?)group.Key)
            .FirstOrDefault();
        return most ?? (EmailAddress.TryParse(NobodysMailbox, out var nobody) ? nobody : default);
    }
}

/// <summary>A mail of a preview.</summary>
internal sealed record ShownMail(int Number, string Source, EmailFacts Facts, SightingPlace Place);
