using System.Collections.Immutable;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client;

/// <content>Creation rules of queues.</content>
public sealed partial class EmailTrackingClient
{
    /// <inheritdoc cref="IOrganizationGrain.ReadRulesAsync"/>
    public Task<ImmutableArray<RuleVersion>> ReadRulesAsync(CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().ReadRulesAsync(token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.ReadRuleHistoryAsync"/>
    public Task<ImmutableArray<RuleVersion>> ReadRuleHistoryAsync(
        EmailAddress queue, int countMax = 50, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().ReadRuleHistoryAsync(queue, countMax, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.SetRuleAsync"/>
    public Task<RuleAnswer> SetRuleAsync(CreationRule rule, Author author, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().SetRuleAsync(rule, author, token), cancellationToken);

    /// <inheritdoc cref="IOrganizationGrain.RemoveRuleAsync"/>
    public Task<RuleAnswer> RemoveRuleAsync(EmailAddress queue, Author author, CancellationToken cancellationToken = default) =>
        _patience.TryAsync(token => Service<IOrganizationGrain>().RemoveRuleAsync(queue, author, token), cancellationToken);
}
