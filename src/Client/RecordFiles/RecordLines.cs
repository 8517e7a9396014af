using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.RecordFiles;

/// <summary>From a row's fields to what it says.</summary>
internal static class RecordLines
{
    private const int LogicalNameLengthMax = 128;
    private const int NameLengthMax = 400;
    private const int AddressesMax = 50;
    private const int FolderLengthMax = 256;

    private static readonly string[] AddressFields = ["emailaddress1", "emailaddress2", "emailaddress3", "addresses"];

    /// <summary>The fields that are read; others are passed over.</summary>
    public static readonly ImmutableArray<string> KnownFields =
    [
        "logicalname", "id", "name", .. AddressFields, "statecode", "ownerid", "createdon", "address", "owner", "queue", "filter", "mailbox", "folder", "regardingobjectid",
    ];

    public static RecordLine Parse(RecordRow row)
    {
        if (row.Problem is { } problem)
        {
            return new RecordLine.Wrong(problem);
        }

        try
        {
            return row.Value("logicalname")?.ToLowerInvariant() switch
            {
                null => throw new FormatException("logicalname is missing: name the table, for example contact."),
                "mailbox" => Mailbox(row),
                "mailboxtrackingfolder" => Folder(row),
                var table => Record(row, table),
            };
        }
        catch (FormatException wrong)
        {
            return new RecordLine.Wrong(wrong.Message);
        }
    }

    private static RecordLine.Record Record(RecordRow row, string table)
    {
        if (table.Length > LogicalNameLengthMax || !table.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            throw new FormatException($"'{row.Value("logicalname")}' is no logical name: letters, digits and underscores, for example contact.");
        }

        var name = row.Value("name") ?? "";
        if (name.Length > NameLengthMax || name.Any(char.IsControl))
        {
            throw new FormatException($"name has at most {NameLengthMax} characters and no control characters.");
        }

        ImmutableArray<EmailAddress> addresses =
        [
            .. AddressFields
                .SelectMany(field => row.Values(field).Select(text => Address(field, text)))
                .Distinct(),
        ];
        if (addresses.Length > AddressesMax)
        {
            throw new FormatException($"A record has at most {AddressesMax} addresses, not {addresses.Length}.");
        }

        var id = row.Value("id") is { } given ? Id("id", given) : NamedId(table, name, addresses);
        var state = row.Value("statecode") ?? "0";
        if (!int.TryParse(state, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            throw new FormatException($"statecode is a number, 0 for active; not '{state}'.");
        }

        var owner = row.Value("ownerid") is { } ownerId ? Id("ownerid", ownerId) : (Guid?)null;
        var facts = new RecordFacts(new RecordReference(table, id), code == 0, owner, CreatedOn(row));
        return new RecordLine.Record(new CrmRecord(facts, name, addresses));
    }

    private static RecordLine.Mailbox Mailbox(RecordRow row) => new(
        Address("address", row.Value("address")),
        row.Value("owner") is { } owner ? Reference("owner", owner) : null,
        row.Value("queue")?.ToLowerInvariant() switch
        {
            null => null,
            "true" or "1" or "yes" => true,
            "false" or "0" or "no" => false,
            var other => throw new FormatException($"queue is true or false, not '{other}'."),
        },
        row.Value("filter") switch
        {
            null => null,
            [>= '0' and <= '4'] digit => (FilterMethod)(digit[0] - '0'),
            var other => throw new FormatException($"filter is a number from 0 to 4, not '{other}'."),
        });

    private static RecordLine.Folder Folder(RecordRow row)
    {
        var mailbox = Address("mailbox", row.Value("mailbox"));
        if (row.Value("folder") is not { Length: <= FolderLengthMax } folder)
        {
            throw new FormatException($"folder is missing, or longer than {FolderLengthMax} characters.");
        }

        var regarding = row.Value("regardingobjectid") is { } record ? Reference("regardingobjectid", record) : (RecordReference?)null;
        return new RecordLine.Folder(mailbox, new TrackingFolder(folder, regarding));
    }

    // Unknown counts as earliest: the day on which Unix time begins.
    private static DateTimeOffset CreatedOn(RecordRow row)
    {
        if (row.Value("createdon") is not { } text)
        {
            return DateTimeOffset.UnixEpoch;
        }

        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, styles, out var date)
            ? date
            : throw new FormatException($"createdon is a date such as 2026-01-31T08:00:00Z, not '{text}'.");
    }

    private static EmailAddress Address(string field, string? text) => EmailAddress.TryParse(text, out var address)
        ? address
        : throw new FormatException(text is null ? $"{field} is missing." : $"{field} '{text}' is no address such as ana@contoso.com.");

    private static Guid Id(string field, string text) => Guid.TryParse(text, out var id) && id != Guid.Empty
        ? id
        : throw new FormatException($"{field} '{text}' is no id such as 3f2504e0-4f89-11d3-9a0c-0305e82c3301.");

    private static RecordReference Reference(string field, string text) =>
        RecordReference.TryParse(text.ToLowerInvariant(), out var reference)
            ? reference
            : throw new FormatException($"{field} '{text}' is no record such as contact/3f2504e0-4f89-11d3-9a0c-0305e82c3301.");

    // The same file gives the same records every time it is loaded. UUID version 8 over SHA-256 (RFC 9562 appendix B.2).
    private static Guid NamedId(string table, string name, ImmutableArray<EmailAddress> addresses)
    {
        if (name.Length == 0 && addresses.IsEmpty)
        {
            throw new FormatException("Without an id a record needs a name or an address.");
        }

        var text = $"record\n{table}\n{name}\n{addresses.FirstOrDefault().Value}";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
