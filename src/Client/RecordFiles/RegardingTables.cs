using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client.RecordFiles;

/// <summary>What mail may be about: records of known tables that take activities.</summary>
internal static class RegardingTables
{
    private const string Field = "regardingobjectid";

    /// <summary>The record that a row's mail is about; null when it names none.</summary>
    /// <exception cref="FormatException">It cannot be about that.</exception>
    public static RecordReference? Read(RecordRow row, KnownTables tables)
    {
        if (row.Value(Field) is not { } text)
        {
            return null;
        }

        var record = Fields.Reference(Field, text);
        return tables.Find(record.LogicalName) switch
        {
            null => throw new FormatException($"{Field} {record}: {KnownTables.Unknown(record.LogicalName)}"),
            { IsActivityEnabled: false } => throw new FormatException(
                $"{Field} {record}: records of {record.LogicalName} take no activities. Let them: emailtracking tables set {record.LogicalName} --activities true"),
            _ => record,
        };
    }
}
