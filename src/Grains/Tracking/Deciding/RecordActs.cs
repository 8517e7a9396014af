namespace EmailTracking.Tracking.Deciding;

/// <summary>What becomes of a record. The numbers are told to others.</summary>
public enum RecordActKind
{
    /// <summary>It is active again; a conversion is taken back.</summary>
    Activate = 1,

    /// <summary>It is inactive.</summary>
    Deactivate = 2,

    /// <summary>It is inactive and stands for another record of its table, for good.</summary>
    Merge = 3,

    /// <summary>A lead became a record of another table.</summary>
    Convert = 4,

    /// <summary>It is gone, but for the knowledge that it was there.</summary>
    Delete = 5,
}

/// <summary>Something that happens to one record.</summary>
/// <param name="Kind">What.</param>
/// <param name="Record">The record.</param>
/// <param name="Other">The record that it is merged or converted into; else null.</param>
[GenerateSerializer, Immutable, Alias("RecordAct")]
public sealed record RecordAct(
    [property: Id(0)] RecordActKind Kind, [property: Id(1)] RecordReference Record, [property: Id(2)] RecordReference? Other);

/// <summary>Whether a record is there, and what it became.</summary>
/// <param name="Reference">The record.</param>
/// <param name="IsActive">Dataverse column <c>statecode</c> is 0.</param>
/// <param name="Successor">The record that it was merged into (its own table) or converted into (another one); null when neither.</param>
/// <param name="DeletedOn">When it was deleted; UTC; null when it is there.</param>
[GenerateSerializer, Immutable, Alias("RecordLife")]
public sealed record RecordLife(
    [property: Id(0)] RecordReference Reference,
    [property: Id(1)] bool IsActive,
    [property: Id(2)] RecordReference? Successor,
    [property: Id(3)] DateTimeOffset? DeletedOn)
{
    /// <summary>When it became inactive, be it by an act or by a load; UTC. Null when it is active, or that is not known.</summary>
    [Id(4)]
    public DateTimeOffset? InactiveOn { get; init; }

    /// <summary>Whether it stands for another record of its table.</summary>
    public bool IsMerged => Successor is { } one && one.LogicalName == Reference.LogicalName;
}

/// <summary>Decides what becomes of a record, or why that cannot be.</summary>
public static class RecordActs
{
    /// <summary>Decides an act. What stands already is decided as it stands: to repeat changes nothing.</summary>
    /// <param name="act">The act.</param>
    /// <param name="record">The record as it stands; null when there is none.</param>
    /// <param name="other">The other record as it stands; null when there is none, or none is asked for.</param>
    /// <param name="now">The time; UTC.</param>
    /// <returns>How the record is to stand, or why not.</returns>
    /// <remarks>
    /// A record that is merged never has records merged into it: those follow to its master. So an old record is at most two steps
    /// from what it is today: merged, then converted.
    /// </remarks>
    public static (RecordLife? After, string? Problem) Decide(RecordAct act, RecordLife? record, RecordLife? other, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(act);
        if (record is null)
        {
            return Refused($"There is no record {act.Record}. Load it first: emailtracking records load FILE");
        }

        if (act.Kind == RecordActKind.Delete)
        {
            return (record with { DeletedOn = record.DeletedOn ?? now }, null);
        }

        if (record.DeletedOn is not null)
        {
            return Refused($"{act.Record} is deleted. Load it again to have it back: emailtracking records load FILE");
        }

        return act.Kind switch
        {
            RecordActKind.Activate when record.IsMerged =>
                Refused($"{act.Record} is merged into {record.Successor}, and stays inactive. Activate that one."),
            RecordActKind.Activate => (record with { IsActive = true, InactiveOn = null, Successor = null }, null),
            RecordActKind.Deactivate => (Inactive(record, now), null),
            _ => Succeeded(act, record, other, now),
        };
    }

    private static RecordLife Inactive(RecordLife record, DateTimeOffset now) =>
        record.IsActive ? record with { IsActive = false, InactiveOn = now } : record;

    private static (RecordLife? After, string? Problem) Succeeded(RecordAct act, RecordLife record, RecordLife? other, DateTimeOffset now)
    {
        var (merges, into) = (act.Kind == RecordActKind.Merge, act.Other);
        var (verb, done) = merges ? ("merge", "merged") : ("convert", "converted");
        if (into is not { } target)
        {
            return Refused($"Say which record to {verb} {act.Record} into.");
        }

        if (target == act.Record)
        {
            return Refused($"{act.Record} cannot be {done} into itself. Name two records.");
        }

        if (merges && target.LogicalName != act.Record.LogicalName)
        {
            return Refused(
                $"{act.Record} and {target} are of two tables, and only records of one table can be merged. A lead becomes another record by: emailtracking records convert");
        }

        if (!merges && (act.Record.LogicalName != Tables.Lead || target.LogicalName == Tables.Lead))
        {
            return Refused($"Only a lead is converted, into a record of another table; not {act.Record} into {target}. Records of one table are merged: emailtracking records merge");
        }

        if (other is null || other.DeletedOn is not null)
        {
            return Refused(other is null
                ? $"There is no record {target}. Load it first: emailtracking records load FILE"
                : $"{target} is deleted. Load it again to have it back: emailtracking records load FILE");
        }

        if (other.Successor is { } later)
        {
            return Refused(later == act.Record
                ? $"{target} is merged into {later} already: the two are one."
                : $"{target} is {Became(other)} {later}: {verb} into {later}.");
        }

        return record.Successor is { } already && already != target
            ? Refused($"{act.Record} is {Became(record)} {already} already.")
            : (Inactive(record, now) with { Successor = target }, null);
    }

    private static string Became(RecordLife record) => record.IsMerged ? "merged into" : "converted into";

    private static (RecordLife? After, string? Problem) Refused(string problem) => (null, problem);
}
