using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Storage;

/// <summary>Keys, people who sign in, and the audit log. Two stores, PostgreSQL and SQLite, keep one conformance suite.</summary>
public interface IAccess
{
    /// <summary>Stores a new key.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="key">The key.</param>
    /// <param name="digest">What is kept of its secret: <see cref="KeyText.Digest"/>.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    /// <returns>False when its id is taken.</returns>
    Task<bool> AddKeyAsync(string organization, ApiKey key, string digest, CancellationToken cancellationToken = default);

    /// <summary>A key and the digest of its secret, also one that is over; null when there is none of the id.</summary>
    Task<StoredKey?> FindKeyAsync(string organization, string id, CancellationToken cancellationToken = default);

    /// <summary>The keys, latest first, at most <see cref="ApiKey.CountMax"/>.</summary>
    Task<ImmutableArray<ApiKey>> ReadKeysAsync(string organization, CancellationToken cancellationToken = default);

    /// <summary>Revokes a key; who revoked it first stands. Safe to repeat.</summary>
    /// <returns>Whether there is such a key.</returns>
    Task<bool> RevokeKeyAsync(string organization, string id, string by, DateTimeOffset on, CancellationToken cancellationToken = default);

    /// <summary>Notes that a key was shown.</summary>
    Task NoteUseAsync(string organization, string id, DateTimeOffset on, CancellationToken cancellationToken = default);

    /// <summary>Says what somebody is; what was said of them before is replaced.</summary>
    Task SavePersonAsync(string organization, SignedIn person, CancellationToken cancellationToken = default);

    /// <summary>What somebody is; null when nobody said so.</summary>
    Task<SignedIn?> FindPersonAsync(string organization, string subject, CancellationToken cancellationToken = default);

    /// <summary>The teams of a user, as they were said of those who sign in as that user.</summary>
    Task<ImmutableArray<Guid>> ReadTeamsAsync(string organization, Guid systemUser, CancellationToken cancellationToken = default);

    /// <summary>The people, by subject, at most <see cref="SignedIn.CountMax"/>.</summary>
    Task<ImmutableArray<SignedIn>> ReadPeopleAsync(string organization, CancellationToken cancellationToken = default);

    /// <summary>Forgets somebody. Safe to repeat.</summary>
    /// <returns>Whether anything was said of them.</returns>
    Task<bool> RemovePersonAsync(string organization, string subject, CancellationToken cancellationToken = default);

    /// <summary>Makes a user a delegate of a mailbox; who is one already stays as it was said first.</summary>
    Task AddDelegateAsync(string organization, Delegation delegated, CancellationToken cancellationToken = default);

    /// <summary>Makes a user no delegate of a mailbox any more. Safe to repeat.</summary>
    /// <returns>Whether they were one.</returns>
    Task<bool> RemoveDelegateAsync(
        string organization, EmailAddress mailbox, Guid systemUser, CancellationToken cancellationToken = default);

    /// <summary>The delegates of a mailbox, in order of time, at most <see cref="Delegation.CountMax"/>.</summary>
    Task<ImmutableArray<Delegation>> ReadDelegatesAsync(
        string organization, EmailAddress mailbox, CancellationToken cancellationToken = default);

    /// <summary>The mailboxes of which a user is a delegate, by address, at most <see cref="Delegation.MailboxesMax"/>.</summary>
    Task<ImmutableArray<EmailAddress>> ReadDelegationsAsync(
        string organization, Guid systemUser, CancellationToken cancellationToken = default);

    /// <summary>Writes an entry of the audit log.</summary>
    /// <returns>Its number.</returns>
    Task<long> AppendAuditAsync(string organization, AuditEntry entry, CancellationToken cancellationToken = default);

    /// <summary>Writes how a change ended that was begun; one that has ended stays as it is.</summary>
    Task EndAuditAsync(
        string organization, long number, AuditOutcome outcome, int status, CancellationToken cancellationToken = default);

    /// <summary>The audit log, latest first.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="before">Entries with a smaller number; null: from the latest.</param>
    /// <param name="countMax">How many at most, 1 to <see cref="AuditEntry.PageMax"/>.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<AuditEntry>> ReadAuditAsync(
        string organization, long? before, int countMax, CancellationToken cancellationToken = default);
}

/// <summary>A key as it is stored.</summary>
/// <param name="Key">The key.</param>
/// <param name="Digest">What is kept of its secret.</param>
public sealed record StoredKey(ApiKey Key, string Digest);
