namespace EmailTracking.Tracking.Deciding;

/// <summary>A CRM record by table and id.</summary>
/// <param name="LogicalName">The table's logical name, for example <c>contact</c>.</param>
/// <param name="Id">The record's id.</param>
[GenerateSerializer, Immutable, Alias("RecordReference")]
public readonly record struct RecordReference([property: Id(0)] string LogicalName, [property: Id(1)] Guid Id)
{
    /// <summary>Reads a reference as <see cref="ToString"/> writes it.</summary>
    public static bool TryParse(string? text, out RecordReference reference)
    {
        reference = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash <= 0 || !Guid.TryParseExact(text![(slash + 1)..], "D", out var id))
        {
            return false;
        }

        reference = new RecordReference(text[..slash], id);
        return true;
    }

    /// <summary>For example <c>contact/3f2504e0-4f89-11d3-9a0c-0305e82c3301</c>.</summary>
    public override string ToString() => $"{LogicalName}/{Id:D}";
}

/// <summary>A record that an address belongs to, as far as the rules need it.</summary>
/// <param name="Reference">The record.</param>
/// <param name="IsActive">Dataverse column <c>statecode</c> is 0 (for a user: not disabled).</param>
/// <param name="OwnerId">The owning user, team or queue; null when unknown.</param>
/// <param name="CreatedOn">When the record was created; UTC.</param>
/// <param name="IsChosen">Whether a person chose it for the address: then it alone is meant. False where no address is asked.</param>
[GenerateSerializer, Immutable, Alias("RecordFacts")]
public sealed record RecordFacts(
    [property: Id(0)] RecordReference Reference,
    [property: Id(1)] bool IsActive,
    [property: Id(2)] Guid? OwnerId,
    [property: Id(3)] DateTimeOffset CreatedOn,
    [property: Id(4)] bool IsChosen = false)
{
    /// <summary>Whether it stands for the address by a person's choice alone, and the address is none of its own.</summary>
    [Id(5)]
    public bool IsByChoiceAlone { get; init; }

    /// <summary>Whether it may be meant at all: a disabled user is nobody.</summary>
    public bool IsEligible => IsActive || Reference.LogicalName != Tables.SystemUser;

    /// <summary>A record that a person chose for one email: what else is known of it tells it from nobody.</summary>
    public static RecordFacts ByHand(RecordReference record) => new(record, IsActive: true, null, default, IsChosen: true);
}

/// <summary>The tables that the rules know by name.</summary>
public static class Tables
{
    /// <summary>A user.</summary>
    public const string SystemUser = "systemuser";

    /// <summary>A queue.</summary>
    public const string Queue = "queue";

    /// <summary>A contact.</summary>
    public const string Contact = "contact";

    /// <summary>An account.</summary>
    public const string Account = "account";

    /// <summary>A lead.</summary>
    public const string Lead = "lead";

    /// <summary>An opportunity.</summary>
    public const string Opportunity = "opportunity";

    /// <summary>A case.</summary>
    public const string Incident = "incident";

    /// <summary>A team.</summary>
    public const string Team = "team";

    // Section 7.7 of the public documentation, in its order; queues and custom tables come last.
    private static readonly string[] SenderOrder =
        [SystemUser, Contact, Account, Lead, "equipment", Team, "businessunit"];

    /// <summary>Where a table stands when several records have the sender's address; lower wins.</summary>
    public static int SenderRank(string logicalName)
    {
        var rank = Array.IndexOf(SenderOrder, logicalName);
        return rank < 0 ? SenderOrder.Length : rank;
    }
}
