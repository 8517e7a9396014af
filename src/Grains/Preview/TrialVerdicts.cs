using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Preview;

/// <summary>What trials say of mails, to be counted and compared.</summary>
internal static class TrialVerdicts
{
    /// <summary>What a trial says of a mail.</summary>
    public static PreviewVerdict Of(FilterTrial trial, ShownMail mail)
    {
        var decision = trial.Of(mail.Place)!;

        // What people keep out is decided with the conversation, and may change with mail that comes later.
        return decision.Outcome != Outcome.Waiting && trial.Email(decision.Email)?.State.LeftOut is { } reason
            ? new PreviewVerdict(Outcome.Skipped, reason)
            : new PreviewVerdict(decision.Outcome, decision.Reason);
    }

    /// <summary>Whether the filters that look at the mail do not agree: "all" and "none" never do.</summary>
    public static bool Differ(IEnumerable<FilterTrial> trials, ShownMail mail) => trials
        .Where(trial => trial.Filter is not (FilterMethod.All or FilterMethod.None))
        .Select(trial => Of(trial, mail).Outcome == Outcome.Tracked)
        .Distinct()
        .Count() > 1;

    /// <summary>What a trial makes of all mails.</summary>
    public static PreviewTally Tally(FilterTrial trial, IEnumerable<ShownMail> mails) => new(
        trial.Filter,
        [
            .. mails.Select(mail => Of(trial, mail))
                .GroupBy(verdict => verdict)
                .Select(group => new PreviewCount(group.Key.Outcome, group.Key.Reason, group.Count()))
                .OrderBy(count => count.Outcome)
                .ThenByDescending(count => count.Mails)
                .ThenBy(count => count.Reason),
        ],
        trial.CountConversations());
}
