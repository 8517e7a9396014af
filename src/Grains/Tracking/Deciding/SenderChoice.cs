using System.Collections.Immutable;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What told the record that a sender stands for from the others with its address. The names are storage format.</summary>
public enum ChoiceRule
{
    /// <summary>No record has the address, or none that may be meant: a disabled user, several inactive ones.</summary>
    None = 0,

    /// <summary>There is only one.</summary>
    Only = 1,

    /// <summary>It belongs to the user or queue that accepted the email, and the next one does not.</summary>
    Owned = 2,

    /// <summary>It is active, and the next one is not.</summary>
    Active = 3,

    /// <summary>Its table comes first.</summary>
    Table = 4,

    /// <summary>It was created first.</summary>
    Earliest = 5,

    /// <summary>Nothing but its id: the lower one.</summary>
    LowestId = 6,

    /// <summary>Nobody is meant: more records than may be have the address.</summary>
    TooMany = 7,

    /// <summary>Nobody is meant: the settings leave open who is when there are several.</summary>
    LeftOpen = 8,

    /// <summary>A person chose it.</summary>
    Chosen = 9,
}

/// <summary>The record that a sender stands for, the others that it could be, and what told them apart.</summary>
/// <param name="Record">The record; null when nobody is meant.</param>
/// <param name="Rule">What decided.</param>
/// <param name="Count">How many records may be meant; when none is, how many have the address. At most 101 are counted.</param>
/// <param name="Others">The next best of them, at most <see cref="OthersMax"/>.</param>
public sealed record SenderChoice(RecordReference? Record, ChoiceRule Rule, int Count, ImmutableArray<RecordReference> Others)
{
    /// <summary>How many others are told.</summary>
    public const int OthersMax = 5;

    /// <summary>Orders the records of an address, and says what told the first from the second.</summary>
    /// <param name="records">The records that may be meant, in any order.</param>
    /// <param name="trackingOwner">The user who accepted the email, or who owns the queue that did: their own records come first.</param>
    /// <remarks>Source: Dynamics' documented resolution; ties end at the record's id, so that load order plays no part.</remarks>
    public static SenderChoice Of(RecordFacts[] records, Guid? trackingOwner)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (records.Length == 0)
        {
            return new SenderChoice(null, ChoiceRule.None, 0, []);
        }

        RecordFacts[] ordered =
        [
            .. records
                .OrderByDescending(IsOwned)
                .ThenByDescending(record => record.IsActive)
                .ThenBy(record => Tables.SenderRank(record.Reference.LogicalName))
                .ThenBy(record => record.CreatedOn)
                .ThenBy(record => record.Reference.Id),
        ];
        return new SenderChoice(
            ordered[0].Reference,
            ordered.Length == 1 ? ChoiceRule.Only : RuleOf(ordered[0], ordered[1]),
            ordered.Length,
            [.. ordered.Skip(1).Take(OthersMax).Select(record => record.Reference)]);

        bool IsOwned(RecordFacts record) => trackingOwner is not null && record.OwnerId == trackingOwner;

        ChoiceRule RuleOf(RecordFacts first, RecordFacts second) =>
            IsOwned(first) != IsOwned(second) ? ChoiceRule.Owned
            : first.IsActive != second.IsActive ? ChoiceRule.Active
            : Tables.SenderRank(first.Reference.LogicalName) != Tables.SenderRank(second.Reference.LogicalName) ? ChoiceRule.Table
            : first.CreatedOn != second.CreatedOn ? ChoiceRule.Earliest
            : ChoiceRule.LowestId;
    }
}
