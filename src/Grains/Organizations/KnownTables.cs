using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Organizations;

/// <summary>The tables of one organization: Dataverse's own, and those that were described for it.</summary>
public sealed class KnownTables
{
    /// <summary>The most tables that are described for one organization.</summary>
    public const int DescribedMax = 1_000;

    /// <summary>What Dataverse has from the beginning. Source: its table reference.</summary>
    public static readonly ImmutableArray<TableDefinition> BuiltIn =
    [
        Table(Tables.Account, "name", "emailaddress1", "emailaddress2", "emailaddress3"),
        Table("businessunit", "name", "emailaddress") with { OwnerColumn = null, StateColumn = "isdisabled" },
        Table(Tables.Contact, "fullname", "emailaddress1", "emailaddress2", "emailaddress3"),
        Table("equipment", "name", "emailaddress") with { OwnerColumn = null, StateColumn = "isdisabled" },
        Table(Tables.Incident, "title", "emailaddress"),
        Table(Tables.Lead, "fullname", "emailaddress1", "emailaddress2", "emailaddress3"),
        Table(Tables.Opportunity, "name", "emailaddress"),
        Table(Tables.Queue, "name", "emailaddress"),
        Table(Tables.SystemUser, "fullname", "internalemailaddress", "personalemailaddress") with
        {
            OwnerColumn = null, StateColumn = "isdisabled",
        },
        Table("team", "name", "emailaddress") with { OwnerColumn = null, StateColumn = null },
    ];

    /// <summary>Names that rows of record files bear, and no table of records.</summary>
    internal static readonly ImmutableArray<string> Reserved = ["mailbox", "mailboxtrackingfolder", "email"];

    private readonly Dictionary<string, TableDefinition> _byName;

    /// <param name="described">The tables that were described; one with the name of a built-in one stands in its place.</param>
    public KnownTables(IEnumerable<TableDefinition> described)
    {
        _byName = BuiltIn.ToDictionary(table => table.LogicalName, StringComparer.Ordinal);
        foreach (var table in described)
        {
            _byName[table.LogicalName] = table;
        }
    }

    /// <summary>All of them, by name.</summary>
    public IEnumerable<TableDefinition> All => _byName.Values.OrderBy(table => table.LogicalName, StringComparer.Ordinal);

    /// <summary>The table of a logical name; null when nobody described it.</summary>
    public TableDefinition? Find(string logicalName) => _byName.GetValueOrDefault(logicalName);

    /// <summary>Whether a definition is one that Dataverse has from the beginning, unchanged.</summary>
    public static bool IsBuiltIn(TableDefinition table) => BuiltIn.Contains(table);

    /// <summary>Why nothing can be about records of a table, nor sent by or to them, and what to do; null when it can.</summary>
    public string? ProblemOf(string logicalName) => Find(logicalName) is { IsActivityEnabled: false }
        ? $"Records of {logicalName} take no activities. Let them: emailtracking tables set {logicalName} --activities true"
        : null;

    /// <summary>What to say of a table that nobody described.</summary>
    public static string Unknown(string logicalName) =>
        $"there is no table {logicalName}. Describe it first: emailtracking tables set {logicalName} --email COLUMN --name COLUMN";

    private static TableDefinition Table(string logicalName, string name, params ImmutableArray<string> email) => new()
    {
        LogicalName = logicalName, EmailColumns = email, NameColumn = name, OwnerColumn = "ownerid", StateColumn = "statecode",
    };
}
