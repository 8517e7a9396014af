using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Orleans.Concurrency;

namespace EmailTracking.Access;

/// <summary>Asks the store each time, so that what was revoked is revoked; keeps nothing, so any silo answers.</summary>
[GrainType("access")]
[StatelessWorker]
[Reentrant]
public sealed class AccessGrain(IAccess access, IDirectory directory, TimeProvider time) : Grain, IAccessGrain
{
    private static readonly TimeSpan UseNotedEvery = TimeSpan.FromHours(1);

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<CreatedKey> CreateKeyAsync(KeyRequest request, CancellationToken cancellationToken)
    {
        if (AccessCheck.ProblemOf(request) is { } problem)
        {
            return new CreatedKey(null, null, problem);
        }

        var now = time.GetUtcNow();
        var (id, secret) = KeyText.New();
        var key = new ApiKey
        {
            Id = id,
            Name = request.Name,
            Role = request.Role,
            SystemUser = request.SystemUser,
            Scopes = [.. request.Scopes.Distinct().Order()],
            CreatedBy = request.By,
            CreatedOn = now,
            ExpiresOn = now + request.ValidFor,
        };
        return await access.AddKeyAsync(Organization, key, KeyText.Digest(secret), cancellationToken)
            ? new CreatedKey(key, KeyText.Of(id, secret), null)
            : new CreatedKey(null, null, "Another key has the id that was drawn for it. Make it again.");
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<ApiKey>> ReadKeysAsync(CancellationToken cancellationToken) => access.ReadKeysAsync(Organization, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(string id, string by, CancellationToken cancellationToken) =>
        access.RevokeKeyAsync(Organization, id, by, time.GetUtcNow(), cancellationToken);

    /// <inheritdoc/>
    public async Task<Identified> IdentifyKeyAsync(string id, string digest, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await access.FindKeyAsync(Organization, id, cancellationToken) is not { } stored || !IsSame(stored.Digest, digest))
        {
            return new Identified(null, "There is no such key. Ask an administrator for one: emailtracking key create");
        }

        var key = stored.Key;
        if (key.RevokedOn is { } revoked)
        {
            return new Identified(null, $"Key {key.Id} was revoked on {revoked:u} by {key.RevokedBy}. Ask an administrator for another one.");
        }

        if (key.ExpiresOn <= now)
        {
            return new Identified(null, $"Key {key.Id} was valid until {key.ExpiresOn:u}. Ask an administrator for another one.");
        }

        if (key.LastUsedOn is not { } last || now - last >= UseNotedEvery)
        {
            await access.NoteUseAsync(Organization, id, now, cancellationToken);
        }

        var teams = key.SystemUser is { } user ? await access.ReadTeamsAsync(Organization, user, cancellationToken) : [];
        var principal = new Principal($"key:{key.Id}", key.Name, key.Role, key.SystemUser, teams, key.Scopes);
        return new Identified(await WithDelegationsAsync(principal, cancellationToken), null);
    }

    /// <inheritdoc/>
    public async Task<Principal?> IdentifySubjectAsync(string subject, CancellationToken cancellationToken) =>
        await access.FindPersonAsync(Organization, subject, cancellationToken) is { } person
            ? await WithDelegationsAsync(
                new Principal($"subject:{person.Subject}", person.Name, person.Role, person.SystemUser, person.Teams, []), cancellationToken)
            : null;

    /// <inheritdoc/>
    public async Task<string?> SavePersonAsync(SignedIn person, CancellationToken cancellationToken)
    {
        if (AccessCheck.ProblemOf(person) is { } problem)
        {
            return problem;
        }

        await access.SavePersonAsync(Organization, person with { ChangedOn = time.GetUtcNow() }, cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<SignedIn>> ReadPeopleAsync(CancellationToken cancellationToken) =>
        access.ReadPeopleAsync(Organization, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemovePersonAsync(string subject, CancellationToken cancellationToken) =>
        access.RemovePersonAsync(Organization, subject, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> AddDelegateAsync(Delegation delegated, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delegated);
        var user = new RecordReference(Tables.SystemUser, delegated.SystemUser);
        if ((await directory.ReadMailboxesAsync(Organization, cancellationToken)).FirstOrDefault(one => one.Address == delegated.Mailbox) is not { } mailbox)
        {
            return $"There is no mailbox {delegated.Mailbox}. See: emailtracking mailbox list";
        }

        if (mailbox.Owner == user)
        {
            return "That is the mailbox's owner, who may do all that a delegate may.";
        }

        if ((await directory.ReadRecordsAsync(Organization, [user], cancellationToken)).IsEmpty)
        {
            return $"There is no user {delegated.SystemUser}. Load them first: emailtracking records load FILE";
        }

        var standing = await access.ReadDelegatesAsync(Organization, delegated.Mailbox, cancellationToken);
        if (standing.Length >= Delegation.CountMax && standing.All(one => one.SystemUser != delegated.SystemUser))
        {
            return $"Mailbox {delegated.Mailbox} has {standing.Length} delegates, which is as many as it may. Remove one.";
        }

        await access.AddDelegateAsync(Organization, delegated with { AddedOn = time.GetUtcNow() }, cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public Task<bool> RemoveDelegateAsync(EmailAddress mailbox, Guid systemUser, CancellationToken cancellationToken) =>
        access.RemoveDelegateAsync(Organization, mailbox, systemUser, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Delegation>> ReadDelegatesAsync(EmailAddress mailbox, CancellationToken cancellationToken) =>
        access.ReadDelegatesAsync(Organization, mailbox, cancellationToken);

    /// <inheritdoc/>
    public Task<long> AppendAuditAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var target = entry.Target.Length > AuditEntry.TargetMax ? entry.Target[..AuditEntry.TargetMax] : entry.Target;
        return access.AppendAuditAsync(Organization, entry with { OccurredOn = time.GetUtcNow(), Target = target }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task EndAuditAsync(long number, AuditOutcome outcome, int status, CancellationToken cancellationToken) =>
        access.EndAuditAsync(Organization, number, outcome, status, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<AuditEntry>> ReadAuditAsync(long? before, int countMax, CancellationToken cancellationToken) =>
        access.ReadAuditAsync(Organization, before, Math.Clamp(countMax, 1, AuditEntry.PageMax), cancellationToken);

    private async Task<Principal> WithDelegationsAsync(Principal principal, CancellationToken cancellationToken) => principal.SystemUser is { } user
        ? principal with { Delegations = await access.ReadDelegationsAsync(Organization, user, cancellationToken) }
        : principal;

    // In a time that says nothing of where they differ.
    private static bool IsSame(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(other));
}
