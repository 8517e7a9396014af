using EmailTracking.Client;
using EmailTracking.Organizations;
using EmailTracking.Silo.Web;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Api.Organizations;

/// <summary>Changes creation rules: for the API and the pages alike.</summary>
internal sealed class RuleActs(EmailTrackingClient client)
{
    /// <summary>The version of a queue's rule that is in force; null when it never had one.</summary>
    public async Task<RuleVersion?> FindAsync(EmailAddress queue, CancellationToken cancellationToken) =>
        (await client.ReadRuleHistoryAsync(queue, 1, cancellationToken)).FirstOrDefault();

    /// <summary>Sets the rule of its queue.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="author">Who, why, and which version they saw.</param>
    /// <param name="cancellationToken">Stops it before it begins.</param>
    /// <returns>The version in force.</returns>
    public async Task<Told<RuleVersion?>> SetAsync(CreationRule rule, Author author, CancellationToken cancellationToken) =>
        await AfterAsync(rule.Queue, await client.SetRuleAsync(rule, author, cancellationToken), cancellationToken);

    /// <summary>Removes the rule of a queue.</summary>
    /// <param name="queue">The queue, by the address of its mailbox.</param>
    /// <param name="author">Who, why, and which version they saw.</param>
    /// <param name="cancellationToken">Stops it before it begins.</param>
    /// <returns>The version in force; null when there never was one.</returns>
    public async Task<Told<RuleVersion?>> RemoveAsync(EmailAddress queue, Author author, CancellationToken cancellationToken) =>
        await AfterAsync(queue, await client.RemoveRuleAsync(queue, author, cancellationToken), cancellationToken);

    private async Task<Told<RuleVersion?>> AfterAsync(EmailAddress queue, RuleAnswer answer, CancellationToken cancellationToken) =>
        answer.Problem is { } problem
            ? Told<RuleVersion?>.Not(Refusal.Refused(problem))
            : Told<RuleVersion?>.That(await FindAsync(queue, cancellationToken));
}
