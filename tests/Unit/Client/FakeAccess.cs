using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>Keys and people that are remembered.</summary>
internal sealed class FakeAccess : IAccessGrain
{
    public const string Secret = "et_00000000000000a1_secret";

    public List<ApiKey> Keys { get; } = [];

    public Dictionary<string, SignedIn> People { get; } = [];

    public Task<CreatedKey> CreateKeyAsync(KeyRequest request, CancellationToken cancellationToken)
    {
        if (AccessCheck.ProblemOf(request) is { } problem)
        {
            return Task.FromResult(new CreatedKey(null, null, problem));
        }

        var key = new ApiKey
        {
            Id = "00000000000000a1",
            Name = request.Name,
            Role = request.Role,
            SystemUser = request.SystemUser,
            Scopes = request.Scopes,
            CreatedBy = request.By,
            CreatedOn = DateTimeOffset.UnixEpoch,
            ExpiresOn = DateTimeOffset.UnixEpoch + request.ValidFor,
        };
        Keys.Add(key);
        return Task.FromResult(new CreatedKey(key, Secret, null));
    }

    public List<Delegation> Delegates { get; } = [];

    public Task<string?> AddDelegateAsync(Delegation delegated, CancellationToken cancellationToken)
    {
        Delegates.Add(delegated);
        return Task.FromResult<string?>(null);
    }

    public Task<bool> RemoveDelegateAsync(EmailAddress mailbox, Guid systemUser, CancellationToken cancellationToken) =>
        Task.FromResult(Delegates.RemoveAll(one => one.Mailbox == mailbox && one.SystemUser == systemUser) > 0);

    public Task<ImmutableArray<Delegation>> ReadDelegatesAsync(EmailAddress mailbox, CancellationToken cancellationToken) =>
        Task.FromResult(Delegates.Where(one => one.Mailbox == mailbox).ToImmutableArray());

    public Task<ImmutableArray<ApiKey>> ReadKeysAsync(CancellationToken cancellationToken) => Task.FromResult(Keys.ToImmutableArray());

    public Task<bool> RevokeKeyAsync(string id, string by, CancellationToken cancellationToken)
    {
        var at = Keys.FindIndex(key => key.Id == id);
        if (at >= 0)
        {
            Keys[at] = Keys[at] with { RevokedBy = by, RevokedOn = DateTimeOffset.UnixEpoch };
        }

        return Task.FromResult(at >= 0);
    }

    public Task<string?> SavePersonAsync(SignedIn person, CancellationToken cancellationToken)
    {
        var problem = AccessCheck.ProblemOf(person);
        if (problem is null)
        {
            People[person.Subject] = person;
        }

        return Task.FromResult(problem);
    }

    public Task<ImmutableArray<SignedIn>> ReadPeopleAsync(CancellationToken cancellationToken) => Task.FromResult(People.Values.ToImmutableArray());

    public Task<bool> RemovePersonAsync(string subject, CancellationToken cancellationToken) => Task.FromResult(People.Remove(subject));

    public Task<Identified> IdentifyKeyAsync(string id, string digest, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Principal?> IdentifySubjectAsync(string subject, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> AppendAuditAsync(AuditEntry entry, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task EndAuditAsync(long number, AuditOutcome outcome, int status, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ImmutableArray<AuditEntry>> ReadAuditAsync(long? before, int countMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
