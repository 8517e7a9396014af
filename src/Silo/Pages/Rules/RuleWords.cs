using EmailTracking.Silo.Pages.Mail;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Pages.Rules;

/// <summary>Creation rules in words.</summary>
internal static class RuleWords
{
    /// <summary>An item in a sentence.</summary>
    public static string Of(CreationItem item) => item.When.IsEmpty
        ? $"All mail becomes a {Table(item)}."
        : $"Mail becomes a {Table(item)} when {string.Join(" and ", item.When.Select(Of))}.";

    /// <summary>What else a rule says, a sentence each.</summary>
    public static IEnumerable<string> Others(CreationRule rule)
    {
        yield return rule.UnknownSenders switch
        {
            UnknownSenders.CreateContact => "An unknown sender becomes a contact.",
            UnknownSenders.Allow => "Mail of an unknown sender becomes a record without a customer.",
            _ => "Mail of an unknown sender becomes nothing.",
        };
        yield return rule.Resolved == ResolvedRecords.Keep ? "Mail about a resolved record only belongs there."
            : rule.WaitAfterResolved == TimeSpan.Zero ? "Mail about a resolved record becomes a new one."
            : $"Mail about a record that was resolved {rule.WaitAfterResolved.TotalHours:0} hours ago or longer becomes a new one.";
        yield return rule.Customer == RuleCustomer.Account ? "The customer is the account of the sender's contact." : "The customer is the sender.";
        yield return $"Mail that a program wrote {(rule.TakesAutoSubmitted ? "counts" : "does not count")}; mail that an import brings {(rule.TakesImported ? "counts" : "does not")}.";
    }

    private static string Table(CreationItem item) => MailWords.Table(item.Creates).ToLowerInvariant();

    private static string Of(CreationCondition condition)
    {
        var not = condition.Not ? "not " : "";
        return condition.Fact switch
        {
            RuleFact.Subject => $"its subject {(condition.Not ? "does not contain" : "contains")} “{condition.Value}”",
            RuleFact.Sender => $"its sender is {not}{condition.Value}",
            RuleFact.Recipient => $"a recipient is {not}{condition.Value}",
            RuleFact.SenderTable => condition.Value == "none" ? $"its sender is {(condition.Not ? "a" : "no")} record" : $"its sender is {not}a {condition.Value}",
            RuleFact.HasAttachments => $"it has {(condition.Value == "true" == condition.Not ? "no " : "")}attachments",
            RuleFact.Importance => $"its importance is {not}{condition.Value}",
            RuleFact.AutoSubmitted => $"a program wrote it: {not}{condition.Value}",
            _ => $"its header is {not}“{condition.Value}”",
        };
    }
}
