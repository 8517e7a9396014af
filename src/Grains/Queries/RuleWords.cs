using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Queries;

/// <summary>What a queue's rule made of a mail, in words.</summary>
internal static class RuleWords
{
    /// <summary>Why it made nothing.</summary>
    /// <param name="rule">The rule's name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="skip">Why.</param>
    /// <param name="detail">A record, an address or nothing.</param>
    public static string Skipped(string rule, string version, string skip, string detail) => skip == nameof(RuleSkip.NoRule)
        ? $"Queue {detail} had no rule when the mail arrived."
        : $"Rule {rule} (version {version}) created nothing: {Why(skip, detail)}.";

    /// <summary>Who the customer of the new record is.</summary>
    /// <param name="record">The customer; empty when there is none.</param>
    /// <param name="address">The address by which it was found.</param>
    /// <param name="how">"forwarded", "created" or nothing.</param>
    public static string Customer(string record, string address, string how)
    {
        var who = how == "forwarded" ? $"{address}, who wrote what our user forwards" : address;
        return record.Length == 0 ? $"It has no customer: {who} is nobody we know."
            : how == "created" ? $"Its customer is {record}, which the unknown sender {who} became."
            : $"Its customer is {record}: {who}.";
    }

    private static string Why(string skip, string detail) => skip switch
    {
        nameof(RuleSkip.Imported) => "an import brought the mail",
        nameof(RuleSkip.AutoSubmitted) => "a program wrote the mail, or it is a bounce",
        nameof(RuleSkip.Held) => "the mail is held, its sender has no ground where it answers",
        nameof(RuleSkip.LeftOut) => "people keep the mail out",
        nameof(RuleSkip.UnknownSender) => $"its sender {detail} is no contact and no account",
        nameof(RuleSkip.NoItem) => "the conditions of no item hold",
        nameof(RuleSkip.OtherTable) => $"the mail is about {detail}, which is of another table",
        nameof(RuleSkip.Active) => $"the mail is about {detail}, which is open",
        nameof(RuleSkip.Resolved) => $"the mail is about {detail}, which is resolved, and the rule leaves it there",
        nameof(RuleSkip.ResolvedLately) => $"the mail is about {detail}, which was resolved too short a time ago",
        nameof(RuleSkip.AnsweredBefore) => $"a mail that answers it came first and became {detail}",
        _ => skip,
    };
}
