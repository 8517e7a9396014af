using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Organizations;

/// <content>Creation rules of queues.</content>
public sealed partial class OrganizationGrain
{
    private readonly RuleChanges _rules = new(rules, directory, time);

    /// <inheritdoc/>
    public Task<ImmutableArray<RuleVersion>> ReadRulesAsync(CancellationToken cancellationToken) =>
        rules.ReadRulesAsync(Organization, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<RuleVersion>> ReadRuleHistoryAsync(EmailAddress queue, int countMax, CancellationToken cancellationToken) =>
        rules.ReadRuleHistoryAsync(Organization, queue, Math.Clamp(countMax, 1, IOrganizationGrain.HistoryMax), cancellationToken);

    /// <inheritdoc/>
    public Task<RuleAnswer> SetRuleAsync(CreationRule rule, Author author, CancellationToken cancellationToken) =>
        _rules.SetAsync(Organization, rule, author, cancellationToken);

    /// <inheritdoc/>
    public Task<RuleAnswer> RemoveRuleAsync(EmailAddress queue, Author author, CancellationToken cancellationToken) =>
        _rules.RemoveAsync(Organization, queue, author, cancellationToken);
}
