using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Whether the conditions of a rule hold for a mail.</summary>
public static class RuleConditions
{
    /// <summary>What <see cref="RuleFact.SenderTable"/> calls a sender that is no record.</summary>
    public const string NoTable = "none";

    /// <summary>The values of <see cref="RuleFact.Importance"/>, by their numbers in the mail.</summary>
    public static ImmutableArray<string> Importances { get; } = ["low", "normal", "high"];

    /// <summary>Whether all conditions of an item hold.</summary>
    /// <param name="item">The item.</param>
    /// <param name="mail">The mail.</param>
    /// <param name="sender">Who wrote to us, by address: of a forward by a colleague, who wrote what is forwarded.</param>
    /// <param name="record">The record that the sender stands for.</param>
    public static bool Hold(CreationItem item, EmailFacts mail, EmailAddress? sender, RecordReference? record)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(mail);
        return item.When.All(condition => condition.Not != Holds(condition, mail, sender, record));
    }

    private static bool Holds(CreationCondition condition, EmailFacts mail, EmailAddress? sender, RecordReference? record) =>
        condition.Fact switch
        {
            RuleFact.Subject => mail.Subject.Contains(condition.Value, StringComparison.OrdinalIgnoreCase),
            RuleFact.Sender => AddressPattern.Match([condition.Value], sender),
            RuleFact.Recipient => mail.Recipients.Any(one => AddressPattern.Match([condition.Value], one.Address)),
            RuleFact.SenderTable => (record?.LogicalName ?? NoTable) == condition.Value,
            RuleFact.HasAttachments => (mail.AttachmentCount > 0) == bool.Parse(condition.Value),
            RuleFact.Importance => mail.Importance == Importances.IndexOf(condition.Value),
            RuleFact.Header => mail.Labels.Contains(condition.Value),
            RuleFact.AutoSubmitted => (mail.AutoSubmitted is not null) == bool.Parse(condition.Value),
            _ => false,
        };
}
