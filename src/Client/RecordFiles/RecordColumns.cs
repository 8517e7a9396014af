using System.Collections.Frozen;
using System.Collections.Immutable;
using EmailTracking.Organizations;

namespace EmailTracking.Client.RecordFiles;

/// <summary>Which fields of a row hold what of a record of one table.</summary>
internal sealed class RecordColumns
{
    private static readonly ImmutableArray<string> GeneralAddresses = ["emailaddress1", "emailaddress2", "emailaddress3", "addresses"];

    public RecordColumns(TableDefinition table)
    {
        // A table that was described has the columns that it was described with. Of Dataverse's own, files of any export load.
        var isBuiltIn = KnownTables.IsBuiltIn(table);
        Addresses = isBuiltIn ? [.. GeneralAddresses.Union(table.EmailColumns)] : table.EmailColumns;
        Names = isBuiltIn ? [.. new[] { "name", table.NameColumn }.Distinct()] : [table.NameColumn];
        Owners = isBuiltIn ? ["ownerid"] : [.. new[] { table.OwnerColumn }.OfType<string>()];
        States = isBuiltIn
            ? [.. new[] { "statecode", table.StateColumn }.OfType<string>().Distinct()]
            : [.. new[] { table.StateColumn }.OfType<string>()];
        Ids = ["id", $"{table.LogicalName}id"];
        Required = isBuiltIn ? [] : [.. table.Columns];
        string[] known = ["logicalname", "createdon", .. Customers, .. Ids, .. Addresses, .. Names, .. Owners, .. States];
        Known = known.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Fields of the account or contact that a record belongs to; the first that is given counts.</summary>
    public static ImmutableArray<string> Customers { get; } = ["customerid", "parentcustomerid", "parentcontactid"];

    public static FrozenSet<string> OfMailboxes { get; } =
        FrozenSet.ToFrozenSet(["logicalname", "address", "owner", "queue", "filter"], StringComparer.Ordinal);

    public static FrozenSet<string> OfFolders { get; } =
        FrozenSet.ToFrozenSet(["logicalname", "mailbox", "folder", "regardingobjectid"], StringComparer.Ordinal);

    public ImmutableArray<string> Ids { get; }

    public ImmutableArray<string> Names { get; }

    public ImmutableArray<string> Addresses { get; }

    public ImmutableArray<string> Owners { get; }

    public ImmutableArray<string> States { get; }

    /// <summary>What a file with records of the table must have, blank or not.</summary>
    public ImmutableArray<string> Required { get; }

    /// <summary>Every field that is read.</summary>
    public FrozenSet<string> Known { get; }
}
