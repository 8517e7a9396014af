using System.Collections.Immutable;

namespace EmailTracking.Access;

/// <summary>What somebody is who signs in with the identity provider.</summary>
/// <param name="Subject">Who, as the provider says it (claim <c>sub</c>), 1 to 255 characters.</param>
/// <param name="Name">What people know them by, 1 to 200 characters.</param>
/// <param name="Role">What they are.</param>
/// <param name="SystemUser">The user that they are; null: none, so no mailbox is their own.</param>
/// <param name="Teams">The teams of that user, at most 100.</param>
/// <param name="ChangedBy">Who said so last.</param>
/// <param name="ChangedOn">When; UTC.</param>
[GenerateSerializer, Immutable, Alias("SignedIn")]
public sealed record SignedIn(
    [property: Id(0)] string Subject,
    [property: Id(1)] string Name,
    [property: Id(2)] Role Role,
    [property: Id(3)] Guid? SystemUser,
    [property: Id(4)] ImmutableArray<Guid> Teams,
    [property: Id(5)] string ChangedBy,
    [property: Id(6)] DateTimeOffset ChangedOn)
{
    /// <summary>How many teams somebody is in at most.</summary>
    public const int TeamsMax = 100;

    /// <summary>How many people are listed.</summary>
    public const int CountMax = 10_000;
}
