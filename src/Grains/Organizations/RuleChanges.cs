using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Organizations;

/// <summary>What setting or removing a rule came to.</summary>
/// <param name="Version">The version in force; 0 when there never was one.</param>
/// <param name="IsChanged">Whether anything changed; false when it stood so already.</param>
/// <param name="Problem">Why it is refused, and what to do; null when it is not.</param>
[GenerateSerializer, Immutable, Alias("RuleAnswer")]
public sealed record RuleAnswer([property: Id(0)] long Version, [property: Id(1)] bool IsChanged, [property: Id(2)] string? Problem);

/// <summary>Changes rules: a refusal is a value, and nobody overwrites what another saved meanwhile.</summary>
internal sealed class RuleChanges(ICreationRules rules, IDirectory directory, TimeProvider time)
{
    private const int AttemptsMax = 10;

    public async Task<RuleAnswer> SetAsync(string organization, CreationRule rule, Author author, CancellationToken cancellationToken)
    {
        var mailboxes = await directory.ReadMailboxesAsync(organization, cancellationToken);
        var tables = new KnownTables(await directory.ReadTablesAsync(organization, cancellationToken));
        var (normal, problem) = RuleCheck.Of(rule, mailboxes.FirstOrDefault(mailbox => mailbox.Address == rule.Queue), tables);
        return normal is null
            ? new RuleAnswer(0, IsChanged: false, problem)
            : await ChangeAsync(organization, rule.Queue, normal, author, cancellationToken);
    }

    public Task<RuleAnswer> RemoveAsync(string organization, EmailAddress queue, Author author, CancellationToken cancellationToken) =>
        ChangeAsync(organization, queue, null, author, cancellationToken);

    private async Task<RuleAnswer> ChangeAsync(
        string organization, EmailAddress queue, CreationRule? rule, Author author, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var history = await rules.ReadRuleHistoryAsync(organization, queue, 1, cancellationToken);
            var (number, before) = history is [var latest] ? (latest.Version, latest.Rule) : (0, null);
            if (author.Problem() is { } nobody)
            {
                return new RuleAnswer(number, IsChanged: false, nobody);
            }

            if (Equals(before, rule))
            {
                return new RuleAnswer(number, IsChanged: false, rule is null ? $"{queue} has no rule. See: emailtracking rules list" : null);
            }

            if (author.ProblemSince(number) is { } changed)
            {
                return new RuleAnswer(number, IsChanged: false, changed);
            }

            var version = new RuleVersion(queue, number + 1, rule, author.By, time.GetUtcNow(), author.Why);
            if (await rules.SaveRuleAsync(organization, version, cancellationToken))
            {
                return new RuleAnswer(version.Version, IsChanged: true, null);
            }
        }

        throw new InvalidOperationException($"Others changed the rule of {queue} {AttemptsMax} times meanwhile. Nothing was changed; try again.");
    }
}
