using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Access;

/// <summary>Who may come in at the door, and what was changed through it. Not on an email's path. Key: organization/o:.</summary>
[GrainInterfaceType("access")]
public interface IAccessGrain : IGrainWithStringKey
{
    /// <summary>Makes a key. Its secret is answered once; who lost it makes another.</summary>
    [Alias("CreateKey")]
    Task<CreatedKey> CreateKeyAsync(KeyRequest request, CancellationToken cancellationToken = default);

    /// <summary>The keys, latest first, those that are over included.</summary>
    [Alias("ReadKeys")]
    Task<ImmutableArray<ApiKey>> ReadKeysAsync(CancellationToken cancellationToken = default);

    /// <summary>Revokes a key: it is not taken from now on. Safe to repeat.</summary>
    /// <returns>Whether there is such a key.</returns>
    [Alias("RevokeKey")]
    Task<bool> RevokeKeyAsync(string id, string by, CancellationToken cancellationToken = default);

    /// <summary>Who shows a key.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="digest">The digest of its secret: the secret itself does not travel.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    [Alias("IdentifyKey")]
    Task<Identified> IdentifyKeyAsync(string id, string digest, CancellationToken cancellationToken = default);

    /// <summary>Who somebody is that the identity provider vouches for; null when nobody said what they are.</summary>
    [Alias("IdentifySubject")]
    Task<Principal?> IdentifySubjectAsync(string subject, CancellationToken cancellationToken = default);

    /// <summary>Says what somebody is who signs in; in force with their next request. Safe to repeat.</summary>
    /// <param name="person">Who, and what; when it was changed is set here.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    /// <returns>Why it is refused, and what to do: nothing has changed. Null when it is done.</returns>
    [Alias("SavePerson")]
    Task<string?> SavePersonAsync(SignedIn person, CancellationToken cancellationToken = default);

    /// <summary>What people are who sign in, by subject.</summary>
    [Alias("ReadPeople")]
    Task<ImmutableArray<SignedIn>> ReadPeopleAsync(CancellationToken cancellationToken = default);

    /// <summary>Forgets what somebody is: they are let in no more. Safe to repeat.</summary>
    /// <returns>Whether anything was said of them.</returns>
    [Alias("RemovePerson")]
    Task<bool> RemovePersonAsync(string subject, CancellationToken cancellationToken = default);

    /// <summary>Makes a user a delegate of a mailbox: from their next request on they see and track its mail for its owner. Safe to repeat.</summary>
    /// <param name="delegated">Who, of which mailbox, and who says so; when is set here.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    /// <returns>Why it is refused, and what to do: nothing has changed. Null when it is done.</returns>
    [Alias("AddDelegate")]
    Task<string?> AddDelegateAsync(Delegation delegated, CancellationToken cancellationToken = default);

    /// <summary>Makes a user no delegate any more; in force with their next request. Safe to repeat.</summary>
    /// <returns>Whether they were one.</returns>
    [Alias("RemoveDelegate")]
    Task<bool> RemoveDelegateAsync(EmailAddress mailbox, Guid systemUser, CancellationToken cancellationToken = default);

    /// <summary>The delegates of a mailbox, in order of time.</summary>
    [Alias("ReadDelegates")]
    Task<ImmutableArray<Delegation>> ReadDelegatesAsync(EmailAddress mailbox, CancellationToken cancellationToken = default);

    /// <summary>Notes that somebody begins a change, or that they may not.</summary>
    /// <param name="entry">What they change; when it was begun is set here.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    /// <returns>The entry's number.</returns>
    [Alias("AppendAudit")]
    Task<long> AppendAuditAsync(AuditEntry entry, CancellationToken cancellationToken = default);

    /// <summary>Notes how a change ended.</summary>
    [Alias("EndAudit")]
    Task EndAuditAsync(long number, AuditOutcome outcome, int status, CancellationToken cancellationToken = default);

    /// <summary>Who changed what through the door, latest first.</summary>
    /// <param name="before">Entries with a smaller number; null: from the latest.</param>
    /// <param name="countMax">How many at most, 1 to <see cref="AuditEntry.PageMax"/>.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    [Alias("ReadAudit")]
    Task<ImmutableArray<AuditEntry>> ReadAuditAsync(long? before, int countMax, CancellationToken cancellationToken = default);
}

/// <summary>Who shows a key.</summary>
/// <param name="Principal">Who; null when the key is not taken.</param>
/// <param name="Problem">Why it is not, and what to do; null when it is.</param>
[GenerateSerializer, Immutable, Alias("Identified")]
public sealed record Identified([property: Id(0)] Principal? Principal, [property: Id(1)] string? Problem);
