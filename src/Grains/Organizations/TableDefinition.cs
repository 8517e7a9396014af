using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace EmailTracking.Organizations;

/// <summary>A CRM table as far as mail is concerned: which of its columns hold what.</summary>
/// <remarks>Column names are Dataverse's logical names: 1 to 128 letters, digits and underscores, in lower case.</remarks>
[GenerateSerializer, Immutable, Alias("TableDefinition")]
public sealed record TableDefinition
{
    /// <summary>The most columns of e-mail addresses that a table has.</summary>
    public const int EmailColumnsMax = 20;

    /// <summary>The longest name of a table or column, in characters.</summary>
    public const int NameLengthMax = 128;

    /// <summary>The table's logical name, for example <c>new_site</c>.</summary>
    [Id(0)]
    public required string LogicalName { get; init; }

    /// <summary>The columns that hold e-mail addresses, 1 to <see cref="EmailColumnsMax"/>, each once. No other column counts.</summary>
    [Id(1)]
    public required ImmutableArray<string> EmailColumns { get; init; }

    /// <summary>The column that names a record.</summary>
    [Id(2)]
    public required string NameColumn { get; init; }

    /// <summary>The column of the owning user, team or queue; null: its records have no owner.</summary>
    [Id(3)]
    public string? OwnerColumn { get; init; }

    /// <summary>The column that says whether a record is active (0 or false: it is); null: all of its records are.</summary>
    [Id(4)]
    public string? StateColumn { get; init; }

    /// <summary>
    /// Whether its records take activities: mail may be about them, and their addresses count (filter method 3, participants).
    /// Default: true. Source: the table property <c>IsActivityParty</c> of Dataverse.
    /// </summary>
    [Id(5)]
    public bool IsActivityEnabled { get; init; } = true;

    /// <summary>Every column that it names, e-mail columns first.</summary>
    public IEnumerable<string> Columns => [.. EmailColumns, .. new[] { NameColumn, OwnerColumn, StateColumn }.OfType<string>()];

    /// <summary>What is wrong with it, and what to do; null when nothing is.</summary>
    public string? Problem()
    {
        if (!IsName(LogicalName))
        {
            return $"'{LogicalName}' is no logical name: at most {NameLengthMax} letters, digits and underscores in lower case, for example new_site.";
        }

        if (KnownTables.Reserved.Contains(LogicalName))
        {
            return $"{LogicalName} is no table of records. Give the logical name of a table, for example new_site.";
        }

        if (EmailColumns.IsDefaultOrEmpty || EmailColumns.Length > EmailColumnsMax)
        {
            return $"{LogicalName} has 1 to {EmailColumnsMax} e-mail columns. Name them: --email new_mail,new_backupmail";
        }

        if (Columns.FirstOrDefault(column => !IsName(column) || column is "id" or "logicalname") is { } wrong)
        {
            return $"'{wrong}' is no column of {LogicalName}: give its logical name, for example new_mail.";
        }

        return Columns.GroupBy(column => column).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? $"Column {twice.Key} of {LogicalName} is named twice. Name each column once."
            : null;
    }

    /// <summary>Whether two definitions say the same.</summary>
    public bool Equals(TableDefinition? other) =>
        other is not null && LogicalName == other.LogicalName && EmailColumns.SequenceEqual(other.EmailColumns) &&
        NameColumn == other.NameColumn && OwnerColumn == other.OwnerColumn && StateColumn == other.StateColumn &&
        IsActivityEnabled == other.IsActivityEnabled;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(LogicalName, EmailColumns.Length, NameColumn, IsActivityEnabled);

    /// <summary>Whether a text is the logical name of a table or column.</summary>
    public static bool IsName([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= NameLengthMax } && text.All(one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '_');
}
