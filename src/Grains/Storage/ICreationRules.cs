using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Storage;

/// <summary>The creation rules of queues, in versions. Two stores, PostgreSQL and SQLite, keep one conformance suite.</summary>
public interface ICreationRules
{
    /// <summary>Writes a version. A change of a rule is in force for mail that is first seen after it.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="version">The version; its number is one more than the one that was read, from 1.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    /// <returns>False when another has that number by now: read and change it again.</returns>
    Task<bool> SaveRuleAsync(string organization, RuleVersion version, CancellationToken cancellationToken = default);

    /// <summary>The version in force of every queue that ever had a rule, also of those whose rule was removed; by address.</summary>
    Task<ImmutableArray<RuleVersion>> ReadRulesAsync(string organization, CancellationToken cancellationToken = default);

    /// <summary>The versions of one queue's rule, newest first, at most so many.</summary>
    Task<ImmutableArray<RuleVersion>> ReadRuleHistoryAsync(
        string organization, EmailAddress queue, int countMax, CancellationToken cancellationToken = default);
}
