using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Access;

/// <summary>Somebody at the door: a person who signed in, a program with a key, or whoever sits at this machine.</summary>
/// <param name="Id">What tells them from others: <c>key:ID</c>, <c>subject:SUBJECT</c> or <c>local</c>.</param>
/// <param name="Name">What people know them by.</param>
/// <param name="Role">What they are.</param>
/// <param name="SystemUser">The user (Dataverse table <c>systemuser</c>) that they are; null: none, so nothing is their own.</param>
/// <param name="Teams">The teams of that user.</param>
/// <param name="Scopes">Of the role's privileges only these; empty: all of them.</param>
[GenerateSerializer, Immutable, Alias("Principal")]
public sealed record Principal(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] Role Role,
    [property: Id(3)] Guid? SystemUser,
    [property: Id(4)] ImmutableArray<Guid> Teams,
    [property: Id(5)] ImmutableArray<Privilege> Scopes)
{
    /// <summary>The mailboxes of others for whose owners they see and track mail.</summary>
    [Id(6)]
    public ImmutableArray<EmailAddress> Delegations { get; init; } = [];

    /// <summary>Whoever sits at this machine, where nobody has to say who they are.</summary>
    public static Principal Local { get; } = new("local", "somebody at this machine", Role.Administrator, null, [], []);

    /// <summary>How far a privilege goes.</summary>
    public Reach ReachOf(Privilege privilege) =>
        Scopes.IsEmpty || Scopes.Contains(privilege) ? RolePrivileges.ReachOf(Role, privilege) : Reach.None;

    /// <summary>Whether they may do something for the owner of a mailbox.</summary>
    public bool IsDelegate(EmailAddress mailbox, Privilege privilege) =>
        SystemUser is not null && Delegation.May(privilege) && Delegations.Contains(mailbox);

    /// <summary>Whether an owner, a user or a team by id, is this one or one of its teams.</summary>
    public bool IsOwner(Guid? owner) => owner is { } id && (id == SystemUser || Teams.Contains(id));

    /// <summary>Whether a mailbox is their own by its owner. A queue's is by the queue's owner, which is a record to be read.</summary>
    public bool IsOwner(RecordReference? owner) => owner is { LogicalName: Tables.SystemUser or Tables.Team } record && IsOwner(record.Id);
}
