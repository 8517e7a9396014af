using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client;

/// <content>Who may come in at the door, and what was changed through it.</content>
public sealed partial class EmailTrackingClient
{
    /// <inheritdoc cref="IAccessGrain.CreateKeyAsync"/>
    /// <remarks>When an answer was lost the key is made once more; nobody has the secret of the first, which is listed all the same.</remarks>
    public Task<CreatedKey> CreateKeyAsync(KeyRequest request, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().CreateKeyAsync(request, token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.ReadKeysAsync"/>
    public Task<ImmutableArray<ApiKey>> ReadKeysAsync(CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().ReadKeysAsync(token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.RevokeKeyAsync"/>
    public Task<bool> RevokeKeyAsync(string id, string by, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().RevokeKeyAsync(id, by, token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.IdentifyKeyAsync"/>
    public Task<Identified> IdentifyKeyAsync(string id, string digest, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().IdentifyKeyAsync(id, digest, token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.IdentifySubjectAsync"/>
    public Task<Principal?> IdentifySubjectAsync(string subject, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().IdentifySubjectAsync(subject, token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.SavePersonAsync"/>
    public Task<string?> SavePersonAsync(SignedIn person, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().SavePersonAsync(person, token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.ReadPeopleAsync"/>
    public Task<ImmutableArray<SignedIn>> ReadPeopleAsync(CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().ReadPeopleAsync(token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.RemovePersonAsync"/>
    public Task<bool> RemovePersonAsync(string subject, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().RemovePersonAsync(subject, token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.AddDelegateAsync"/>
    public Task<string?> AddDelegateAsync(Delegation delegated, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().AddDelegateAsync(delegated, token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.RemoveDelegateAsync"/>
    public Task<bool> RemoveDelegateAsync(EmailAddress mailbox, Guid systemUser, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().RemoveDelegateAsync(mailbox, systemUser, token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.ReadDelegatesAsync"/>
    public Task<ImmutableArray<Delegation>> ReadDelegatesAsync(EmailAddress mailbox, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().ReadDelegatesAsync(mailbox, token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.AppendAuditAsync"/>
    public Task<long> AppendAuditAsync(AuditEntry entry, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().AppendAuditAsync(entry, token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.EndAuditAsync"/>
    public Task EndAuditAsync(long number, AuditOutcome outcome, int status, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().EndAuditAsync(number, outcome, status, token), cancellationToken);

    /// <inheritdoc cref="IAccessGrain.ReadAuditAsync"/>
    public Task<ImmutableArray<AuditEntry>> ReadAuditAsync(
        long? before = null, int countMax = 100, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IAccessGrain>().ReadAuditAsync(before, countMax, token), cancellationToken);
}
