using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What a person wants of an address: one record that it stands for in all mail, past and future.</summary>
/// <param name="Address">The address.</param>
/// <param name="Record">The record, which need not have the address itself; null to take a choice back.</param>
/// <param name="By">Who says so: 1 to 200 characters.</param>
/// <param name="Why">Why, in their words, at most 500 characters; null when they do not say.</param>
[GenerateSerializer, Immutable, Alias("RecordChoice")]
public sealed record RecordChoice(
    [property: Id(0)] EmailAddress Address,
    [property: Id(1)] RecordReference? Record,
    [property: Id(2)] string By,
    [property: Id(3)] string? Why = null);

/// <summary>Decides whether a record may be chosen by hand, for one email or for an address.</summary>
public static class RecordChoices
{
    /// <summary>Decides a choice. To repeat what stands changes nothing.</summary>
    /// <param name="choice">What a person wants.</param>
    /// <param name="life">The record as it stands; null when there is none, or none is named.</param>
    /// <param name="standing">The record that is chosen for the address now; null when none is.</param>
    /// <returns>Whether anything changes, or why it cannot be.</returns>
    public static (bool Changes, string? Problem) Decide(RecordChoice choice, RecordLife? life, RecordReference? standing)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var problem = choice.Record is { } record ? Problem(record, life) : null;
        return (problem is null && choice.Record != standing, problem);
    }

    /// <summary>Why a record cannot be chosen, and what to do; null when it can.</summary>
    /// <param name="record">The record.</param>
    /// <param name="life">The record as it stands; null when there is none.</param>
    public static string? Problem(RecordReference record, RecordLife? life) => life switch
    {
        null => $"There is no record {record}. Load it first: emailtracking records load FILE",
        { DeletedOn: not null } => $"{record} is deleted. Load it again to have it back: emailtracking records load FILE",
        { IsMerged: true } => $"{record} is merged into {life.Successor}. Choose that one.",
        { IsActive: false } when record.LogicalName == Tables.SystemUser =>
            $"{record} is a disabled user, and nobody. Activate it first: emailtracking records activate {record}",
        _ => null,
    };
}
