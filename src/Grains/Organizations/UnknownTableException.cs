namespace EmailTracking.Organizations;

/// <summary>Records were to be saved of a table that nobody described: what of their columns is an address is not known.</summary>
/// <param name="table">The table's logical name.</param>
[GenerateSerializer, Alias("UnknownTableException")]
public sealed class UnknownTableException(string table) : Exception($"Nothing was saved: {KnownTables.Unknown(table)}")
{
    /// <summary>The table's logical name.</summary>
    [Id(0)]
    public string Table { get; } = table;
}
