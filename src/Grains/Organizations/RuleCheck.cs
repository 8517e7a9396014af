using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Organizations;

/// <summary>Whether a creation rule can be meant as it is written.</summary>
public static class RuleCheck
{
    /// <summary>The most items of a rule.</summary>
    public const int ItemsMax = 50;

    /// <summary>The most conditions of an item.</summary>
    public const int ConditionsMax = 20;

    /// <summary>The longest name, and the longest value of a condition, in characters.</summary>
    public const int TextMax = 200;

    /// <summary>The longest time that a rule waits after a record was resolved.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromDays(366);

    // Who takes part in mail: records of these are made by other means, and with an address.
    private static readonly ImmutableArray<string> NotCreated =
        [Tables.SystemUser, Tables.Queue, Tables.Team, "businessunit", "equipment", Tables.Contact, Tables.Account, Tables.Lead];

    /// <summary>Checks a rule.</summary>
    /// <param name="rule">The rule as it is written.</param>
    /// <param name="queue">The mailbox of its queue; null when there is none of that address.</param>
    /// <param name="tables">The tables of the organization.</param>
    /// <returns>The rule with its values as they are compared; or what is wrong, and what to do.</returns>
    public static (CreationRule? Rule, string? Problem) Of(CreationRule rule, MailboxFacts? queue, KnownTables tables)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(tables);
        return ProblemOf(rule, queue) is { } problem ? (null, problem) : Of(rule, tables);
    }

    private static string? ProblemOf(CreationRule rule, MailboxFacts? queue) =>
        queue is null
            ? $"There is no mailbox {rule.Queue}. Load its queue first: emailtracking records load FILE"
        : !queue.IsQueue
            ? $"{rule.Queue} is no queue's mailbox, and rules belong to queues. Give the address of a queue; see: emailtracking mailbox list"
        : !IsText(rule.Name)
            ? $"Give the rule a name of 1 to {TextMax} characters: \"name\": \"Support\""
        : rule.Items.IsDefaultOrEmpty || rule.Items.Length > ItemsMax
            ? $"A rule has 1 to {ItemsMax} items. One that always matches: {{\"name\": \"All else\", \"creates\": \"incident\"}}"
        : rule.WaitAfterResolved < TimeSpan.Zero || rule.WaitAfterResolved > WaitMax
            ? $"\"waitHours\" is 0 to {WaitMax.TotalHours:0}."
        : rule.WaitAfterResolved > TimeSpan.Zero && rule.Resolved == ResolvedRecords.Keep
            ? "\"waitHours\" says when mail about a resolved record makes a new one: it needs \"resolved\": \"createNew\"."
        : rule.Items.GroupBy(item => item.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? $"Two items are called '{twice.Key}'. Give each a name of its own: it stands in the reasons of every mail."
        : null;

    private static (CreationRule? Rule, string? Problem) Of(CreationRule rule, KnownTables tables)
    {
        var items = ImmutableArray.CreateBuilder<CreationItem>();
        foreach (var item in rule.Items)
        {
            if (ProblemOf(item, tables) is { } problem)
            {
                return (null, $"Item '{item.Name}': {problem}");
            }

            var conditions = ImmutableArray.CreateBuilder<CreationCondition>();
            foreach (var condition in item.When)
            {
                if (Normal(condition, tables) is not { } value)
                {
                    return (null, $"Item '{item.Name}': '{condition.Value}' is no value for \"{condition.Fact}\": {Takes(condition.Fact)}.");
                }

                conditions.Add(condition with { Value = value });
            }

            items.Add(item with { When = conditions.DrainToImmutable() });
        }

        return (rule with { Items = items.DrainToImmutable() }, null);
    }

    private static string? ProblemOf(CreationItem item, KnownTables tables) =>
        !IsText(item.Name) ? $"give it a name of 1 to {TextMax} characters."
        : item.When.IsDefault || item.When.Length > ConditionsMax ? $"it has at most {ConditionsMax} conditions."
        : tables.Find(item.Creates) is null ? KnownTables.Unknown(item.Creates)
        : NotCreated.Contains(item.Creates) ? $"a rule creates no {item.Creates}. Name a table of what mail is about, for example incident."
        : tables.ProblemOf(item.Creates);

    private static bool IsText(string? text) => text is { Length: > 0 and <= TextMax } && text.Trim().Length > 0;

    // The value as it is compared; null when it is none.
    private static string? Normal(CreationCondition condition, KnownTables tables)
    {
        var text = condition.Value?.Trim() ?? "";
        var lower = text.ToLowerInvariant();
        return text.Length is 0 or > TextMax ? null : condition.Fact switch
        {
            RuleFact.Subject => text,
            RuleFact.Sender or RuleFact.Recipient => AddressPattern.TryParse(text, out var pattern) ? pattern : null,
            RuleFact.SenderTable => lower == RuleConditions.NoTable || tables.Find(lower) is not null ? lower : null,
            RuleFact.HasAttachments or RuleFact.AutoSubmitted => lower is "true" or "false" ? lower : null,
            RuleFact.Importance => RuleConditions.Importances.Contains(lower) ? lower : null,
            RuleFact.Header => LabelHeaders.TryParse(text, out var label) ? label : null,
            _ => null,
        };
    }

    private static string Takes(RuleFact fact) => fact switch
    {
        RuleFact.Sender or RuleFact.Recipient => "give an address, or a domain with all below it, for example contoso.com",
        RuleFact.SenderTable => $"give a table, for example contact, or {RuleConditions.NoTable} for a sender that is no record",
        RuleFact.HasAttachments or RuleFact.AutoSubmitted => "give true or false",
        RuleFact.Importance => $"give {string.Join(", ", RuleConditions.Importances)}",
        RuleFact.Header => $"give one of {string.Join(", ", LabelHeaders.Names)} with its value, for example \"Sensitivity: Private\"",
        _ => $"give 1 to {TextMax} characters",
    };
}
