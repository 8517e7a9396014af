using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.RecordFiles;

/// <summary>From a row's fields to what it says.</summary>
/// <param name="tables">The tables that there are.</param>
internal sealed class RecordLines(KnownTables tables)
{
    private const int NameLengthMax = 400;
    private const int AddressesMax = 50;
    private const int FolderLengthMax = 256;

    private readonly Dictionary<string, RecordColumns> _columns = new(StringComparer.Ordinal);

    /// <summary>The table that a row names; null when it names none.</summary>
    public static string? TableOf(RecordRow row) => row.Value("logicalname") is { } name ? FieldNames.Of(name) : null;

    /// <summary>The columns of a table; null when nobody described it.</summary>
    public RecordColumns? ColumnsOf(string table)
    {
        if (!_columns.TryGetValue(table, out var columns) && tables.Find(table) is { } definition)
        {
            _columns[table] = columns = new RecordColumns(definition);
        }

        return columns;
    }

    public RecordLine Parse(RecordRow row)
    {
        if (row.Problem is { } problem)
        {
            return new RecordLine.Wrong(problem);
        }

        try
        {
            return TableOf(row) switch
            {
                null => throw new FormatException("logicalname is missing: name the table, for example contact."),
                "mailbox" => Mailbox(row),
                "mailboxtrackingfolder" => Folder(row),
                "email" => throw new FormatException("emails are loaded with another command: emailtracking records emails FILE --mailbox ADDRESS"),
                var table => Record(row, table),
            };
        }
        catch (FormatException wrong)
        {
            return new RecordLine.Wrong(wrong.Message);
        }
    }

    private RecordLine.Record Record(RecordRow row, string table)
    {
        if (!TableDefinition.IsName(table))
        {
            throw new FormatException($"'{row.Value("logicalname")}' is no logical name: letters, digits and underscores, for example contact.");
        }

        var columns = ColumnsOf(table) ?? throw new FormatException(KnownTables.Unknown(table));
        var name = First(row, columns.Names, out var nameField) ?? "";
        if (name.Length > NameLengthMax || name.Any(char.IsControl))
        {
            throw new FormatException($"{nameField} has at most {NameLengthMax} characters and no control characters.");
        }

        ImmutableArray<EmailAddress> addresses =
        [
            .. columns.Addresses
                .SelectMany(field => row.Values(field).Select(text => Fields.Address(field, text)))
                .Distinct(),
        ];
        if (addresses.Length > AddressesMax)
        {
            throw new FormatException($"A record has at most {AddressesMax} addresses, not {addresses.Length}.");
        }

        var id = First(row, columns.Ids, out var idField) is { } given ? Fields.Id(idField, given) : NamedId(table, name, addresses);
        var owner = First(row, columns.Owners, out var ownerField) is { } ownerId ? Fields.Id(ownerField, ownerId) : (Guid?)null;
        var customer = First(row, RecordColumns.Customers, out var customerField) is { } reference
            ? Fields.Reference(customerField, reference)
            : (RecordReference?)null;

        // Unknown counts as earliest: the day on which Unix time begins.
        var createdOn = row.Value("createdon") is { } date ? Fields.Date("createdon", date) : DateTimeOffset.UnixEpoch;
        var facts = new RecordFacts(new RecordReference(table, id), IsActive(row, columns), owner, createdOn);
        return new RecordLine.Record(new CrmRecord(facts, name, addresses, customer));
    }

    private static bool IsActive(RecordRow row, RecordColumns columns)
    {
        var state = First(row, columns.States, out var field) ?? "0";
        return bool.TryParse(state, out var isDisabled) ? !isDisabled
            : int.TryParse(state, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code == 0
            : throw new FormatException($"{field} is a number, 0 for active; not '{state}'.");
    }

    private static RecordLine.Mailbox Mailbox(RecordRow row) => new(
        Fields.Address("address", row.Value("address")),
        row.Value("owner") is { } owner ? Fields.Reference("owner", owner) : null,
        row.Value("queue") is { } queue ? Fields.Flag("queue", queue) : null,
        row.Value("filter") switch
        {
            null => null,
            [>= '0' and <= '4'] digit => (FilterMethod)(digit[0] - '0'),
            var other => throw new FormatException($"filter is a number from 0 to 4, not '{other}'."),
        });

    private RecordLine.Folder Folder(RecordRow row)
    {
        var mailbox = Fields.Address("mailbox", row.Value("mailbox"));
        if (row.Value("folder") is not { Length: <= FolderLengthMax } folder)
        {
            throw new FormatException($"folder is missing, or longer than {FolderLengthMax} characters.");
        }

        return new RecordLine.Folder(mailbox, new TrackingFolder(folder, RegardingTables.Read(row, tables)));
    }

    // The value of the first field that has one; else the field that would have been asked for first.
    private static string? First(RecordRow row, ImmutableArray<string> fields, out string field)
    {
        foreach (var one in fields)
        {
            if (row.Value(one) is { } value)
            {
                field = one;
                return value;
            }
        }

        field = fields.IsEmpty ? "" : fields[0];
        return null;
    }

    // The same file gives the same records every time it is loaded. UUID version 8 over SHA-256 (RFC 9562 appendix B.2).
    private static Guid NamedId(string table, string name, ImmutableArray<EmailAddress> addresses)
    {
        if (name.Length == 0 && addresses.IsEmpty)
        {
            throw new FormatException("Without an id a record needs a name or an address.");
        }

        return NamedIds.Of("record", table, name, addresses.FirstOrDefault().Value);
    }
}
