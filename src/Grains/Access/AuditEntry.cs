namespace EmailTracking.Access;

/// <summary>How a change ended. The numbers are storage format.</summary>
public enum AuditOutcome
{
    /// <summary>It was begun; that it stands so long after means that the silo died meanwhile, and whether it was done is not known.</summary>
    Begun = 0,

    /// <summary>It was done.</summary>
    Done = 1,

    /// <summary>It was refused as wrong; nothing was changed.</summary>
    Refused = 2,

    /// <summary>They may not; nothing was changed.</summary>
    Forbidden = 3,

    /// <summary>It failed here; whether it was done is not known.</summary>
    Failed = 4,
}

/// <summary>A change that somebody made through the door, or wanted to. No secret and nothing of any mail is in it.</summary>
/// <param name="Number">Its number, greater for later ones; 0 before it is stored.</param>
/// <param name="OccurredOn">When it was begun; UTC.</param>
/// <param name="ById">Who, as <see cref="Principal.Id"/>.</param>
/// <param name="By">Who, as <see cref="Principal.Name"/>.</param>
/// <param name="Action">What, by the name of its operation: <c>set-mailbox-option</c>.</param>
/// <param name="Target">To what: the path that was asked for, at most 1,000 characters.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">The status (RFC 9110) that was answered; null while it is not.</param>
[GenerateSerializer, Immutable, Alias("AuditEntry")]
public sealed record AuditEntry(
    [property: Id(0)] long Number,
    [property: Id(1)] DateTimeOffset OccurredOn,
    [property: Id(2)] string ById,
    [property: Id(3)] string By,
    [property: Id(4)] string Action,
    [property: Id(5)] string Target,
    [property: Id(6)] AuditOutcome Outcome,
    [property: Id(7)] int? Status)
{
    /// <summary>The most entries that one call reads.</summary>
    public const int PageMax = 1_000;

    /// <summary>The longest target.</summary>
    public const int TargetMax = 1_000;
}
