using System.Collections.Immutable;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.RecordFiles;

/// <summary>A record file read to its end: either all of it is right, or nothing is loaded.</summary>
internal sealed class RecordCheck
{
    private const int ProblemsMax = 100;
    private const int RecordsMax = 5_000_000;

    private readonly RecordLines _lines;
    private readonly Dictionary<RecordReference, int> _records = [];
    private readonly Dictionary<EmailAddress, MailboxFacts> _mailboxes = [];
    private readonly Dictionary<string, SeenTable> _tables = new(StringComparer.Ordinal);
    private readonly List<RecordLine> _others = [];
    private readonly SharedAddresses _shared = new();
    private readonly SortedSet<string> _ignored = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    private RecordCheck(KnownTables tables) => (Tables, _lines) = (tables, new RecordLines(tables));

    /// <summary>The tables that it was checked against.</summary>
    public KnownTables Tables { get; }

    /// <summary>The first hundred problems, each with its line.</summary>
    public ImmutableArray<string> Problems => [.. _problems];

    public long ProblemCount { get; private set; }

    public long RecordCount { get; private set; }

    /// <summary>Columns that are not read.</summary>
    public ImmutableArray<string> IgnoredFields => [.. _ignored];

    /// <summary>Addresses of more records than one mail can mean, with how many, most first.</summary>
    public ImmutableArray<(string Address, int Records)> Shared => _shared.Most;

    /// <summary>The mailboxes that its users and queues get if they have none.</summary>
    public IEnumerable<MailboxFacts> MailboxesToCome => _mailboxes.Values;

    /// <summary>What it says of mailboxes and their folders, in its order.</summary>
    public IReadOnlyList<RecordLine> Others => _others;

    public static RecordCheck Of(IEnumerable<RecordRow> rows, KnownTables tables)
    {
        var check = new RecordCheck(tables);
        foreach (var row in rows)
        {
            check.Add(row);
            if (check.RecordCount > RecordsMax)
            {
                check.Problem(row.Line, $"The file has more than {RecordsMax} records. Split it.");
                break;
            }
        }

        check.FindMissingColumns();
        check.RememberOnlyCounts();
        return check;
    }

    private void Add(RecordRow row)
    {
        var line = _lines.Parse(row);
        if (RecordLines.TableOf(row) is { } table)
        {
            SeeTable(table, row);
        }

        switch (line)
        {
            case RecordLine.Wrong wrong:
                Problem(row.Line, wrong.Problem);
                break;
            case RecordLine.Record { Value: var record }:
                Add(row, record);
                break;
            default:
                _others.Add(line);
                break;
        }
    }

    private void Add(RecordRow row, Storage.CrmRecord record)
    {
        RecordCount++;
        var reference = record.Facts.Reference;

        // One statement writes a page of records: a record twice in it would be refused by the store.
        if (!_records.TryAdd(reference, (int)row.Line))
        {
            Problem(row.Line, $"{reference} stands in line {_records[reference]} already. Keep one of them.");
        }

        foreach (var address in record.Addresses)
        {
            _shared.Count(address);
        }

        if (reference.LogicalName is Tracking.Deciding.Tables.SystemUser or Tracking.Deciding.Tables.Queue && !record.Addresses.IsEmpty)
        {
            var address = record.Addresses[0];
            _mailboxes[address] = new MailboxFacts(address, reference, false, FilterMethod.Replies, []);
        }
    }

    private void SeeTable(string name, RecordRow row)
    {
        if (!_tables.TryGetValue(name, out var table))
        {
            var columns = name switch
            {
                "mailbox" => RecordColumns.OfMailboxes,
                "mailboxtrackingfolder" => RecordColumns.OfFolders,
                _ => _lines.ColumnsOf(name)?.Known,
            };
            if (columns is null)
            {
                return;
            }

            _tables[name] = table = new SeenTable(row.Line, columns, [.. _lines.ColumnsOf(name)?.Required ?? []]);
        }

        foreach (var field in row.Fields.Keys)
        {
            table.Missing.Remove(field);
            if (!table.Known.Contains(field))
            {
                _ignored.Add(field);
            }
        }
    }

    private void FindMissingColumns()
    {
        foreach (var (name, table) in _tables)
        {
            foreach (var column in table.Missing.Order(StringComparer.Ordinal))
            {
                Problem(
                    table.FirstLine,
                    $"{column} of {name} is missing in the whole file. Add the field (it may be blank), or describe {name} without it: emailtracking tables set {name}");
            }
        }
    }

    // Where each record stands is needed no longer: of a million of them that is most of the memory.
    private void RememberOnlyCounts()
    {
        _records.Clear();
        _records.TrimExcess();
        _shared.Forget();
    }

    private void Problem(long line, string problem)
    {
        ProblemCount++;
        if (_problems.Count < ProblemsMax)
        {
            _problems.Add($"line {line}: {problem}");
        }
    }

    /// <summary>A table whose records the file holds.</summary>
    private sealed record SeenTable(long FirstLine, IReadOnlySet<string> Known, HashSet<string> Missing);
}
