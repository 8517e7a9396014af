using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.RecordFiles;

/// <summary>A record file read to its end: either all of it is right, or nothing is loaded.</summary>
internal sealed class RecordCheck
{
    private const int ProblemsMax = 100;
    private const int RecordsMax = 5_000_000;

    private readonly Dictionary<RecordReference, long> _records = [];
    private readonly Dictionary<EmailAddress, MailboxFacts> _mailboxes = [];
    private readonly SortedSet<string> _ignored = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    /// <summary>The first hundred problems, each with its line.</summary>
    public ImmutableArray<string> Problems => [.. _problems];

    public long ProblemCount { get; private set; }

    public long RecordCount => _records.Count;

    /// <summary>Columns that are not read.</summary>
    public ImmutableArray<string> IgnoredFields => [.. _ignored];

    /// <summary>The mailboxes that its users and queues get if they have none.</summary>
    public IEnumerable<MailboxFacts> MailboxesToCome => _mailboxes.Values;

    public static RecordCheck Of(IEnumerable<RecordRow> rows)
    {
        var check = new RecordCheck();
        foreach (var row in rows)
        {
            check.Add(row);
            if (check._records.Count > RecordsMax)
            {
                check.Problem(row.Line, $"The file has more than {RecordsMax} records. Split it.");
                break;
            }
        }

        return check;
    }

    private void Add(RecordRow row)
    {
        _ignored.UnionWith(row.Fields.Keys.Except(RecordLines.KnownFields));
        switch (RecordLines.Parse(row))
        {
            case RecordLine.Wrong wrong:
                Problem(row.Line, wrong.Problem);
                break;
            case RecordLine.Record { Value: var record }:
                // One statement writes a page of records: a record twice in it would be refused by the store.
                if (!_records.TryAdd(record.Facts.Reference, row.Line))
                {
                    Problem(row.Line, $"{record.Facts.Reference} stands in line {_records[record.Facts.Reference]} already. Keep one of them.");
                }

                if (record.Facts.Reference.LogicalName is Tables.SystemUser or Tables.Queue && !record.Addresses.IsEmpty)
                {
                    var address = record.Addresses[0];
                    _mailboxes[address] = new MailboxFacts(address, record.Facts.Reference, false, FilterMethod.Replies, []);
                }

                break;
        }
    }

    private void Problem(long line, string problem)
    {
        ProblemCount++;
        if (_problems.Count < ProblemsMax)
        {
            _problems.Add($"line {line}: {problem}");
        }
    }
}
