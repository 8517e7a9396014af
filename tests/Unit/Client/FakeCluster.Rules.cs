using System.Collections.Immutable;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>Creation rules, checked as the cluster checks them.</summary>
internal sealed partial class FakeCluster
{
    public List<RuleVersion> Rules { get; } = [];

    public Task<ImmutableArray<RuleVersion>> ReadRulesAsync(CancellationToken cancellationToken) =>
        Ask(Rules.GroupBy(version => version.Queue).Select(queue => queue.Last()).ToImmutableArray());

    public Task<ImmutableArray<RuleVersion>> ReadRuleHistoryAsync(EmailAddress queue, int countMax, CancellationToken cancellationToken) =>
        Ask(Enumerable.Reverse(Rules).Where(version => version.Queue == queue).Take(countMax).ToImmutableArray());

    public Task<RuleAnswer> SetRuleAsync(CreationRule rule, Author author, CancellationToken cancellationToken)
    {
        var (normal, problem) = RuleCheck.Of(rule, Mailboxes.GetValueOrDefault(rule.Queue), new KnownTables(Described.Values));
        return normal is null ? Ask(new RuleAnswer(0, IsChanged: false, problem)) : Change(rule.Queue, normal, author);
    }

    public Task<RuleAnswer> RemoveRuleAsync(EmailAddress queue, Author author, CancellationToken cancellationToken) =>
        Change(queue, null, author);

    private Task<RuleAnswer> Change(EmailAddress queue, CreationRule? rule, Author author)
    {
        var before = Rules.LastOrDefault(version => version.Queue == queue);
        if (Equals(before?.Rule, rule))
        {
            return Ask(new RuleAnswer(before?.Version ?? 0, IsChanged: false, rule is null ? $"{queue} has no rule." : null));
        }

        Rules.Add(new RuleVersion(queue, (before?.Version ?? 0) + 1, rule, author.By, DateTimeOffset.UnixEpoch, author.Why));
        return Ask(new RuleAnswer(Rules[^1].Version, IsChanged: true, null));
    }
}
