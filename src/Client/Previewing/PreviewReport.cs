using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Client.Rendering;
using EmailTracking.Preview;
using EmailTracking.Queries;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client.Previewing;

/// <summary>What a preview came to, in words: the same on a terminal and on a page.</summary>
public static class PreviewReport
{
    /// <summary>An outcome in words.</summary>
    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Skipped => "left out",
        Outcome.Deferred => "undecided",
        _ => Words.Of(outcome),
    };

    /// <summary>A date in words.</summary>
    public static string Of(DateTimeOffset? time) => Words.Of(time);

    /// <summary>What has to be known to read the counts, in sentences.</summary>
    public static IEnumerable<string> Notes(PreviewSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        yield return summary.Mailbox is { } mailbox
            ? $"{Count(summary.Progress.Decided)} mails, as if they came to the inbox of {mailbox} " +
                $"({(summary.IsQueue ? "queue" : "user")}). Nothing is written."
            : "No mail is decided yet.";
        if (summary.Known > 0)
        {
            yield return $"{Count(summary.Known)} of them are tracked already; what is known of these is taken as it stands.";
        }

        if (summary.Cut > 0)
        {
            yield return $"{Count(summary.Cut)} of them were looked at in part only (the first 1 MB, or as far as they go): headers decide.";
        }

        if (summary.ProblemCount > 0)
        {
            yield return $"{Count(summary.ProblemCount)} items are no mail.";
        }

        if (summary.Progress.IsFull)
        {
            yield return "The preview is full: what stands behind these mails was not looked at.";
        }
    }

    /// <summary>The counts, one row for what is tracked, one for each reason to leave mail out, one for conversations.</summary>
    /// <returns>What is counted, and how many there are by filter 0 to 4.</returns>
    public static IEnumerable<(string What, ImmutableArray<int> Counts)> Rows(PreviewSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        yield return ("tracked", [.. summary.Tallies.Select(tally => tally.Tracked)]);
        foreach (var (outcome, reason) in summary.Tallies
            .SelectMany(tally => tally.Counts)
            .Where(count => count.Outcome != Outcome.Tracked)
            .Select(count => (count.Outcome, count.Reason))
            .Distinct()
            .Order())
        {
            yield return ($"{Of(outcome)}: {TraceWords.Of(reason)}", [.. summary.Tallies.Select(tally => tally.CountOf(outcome, reason))]);
        }

        yield return ("conversations", [.. summary.Tallies.Select(tally => tally.Conversations)]);
    }

    /// <summary>The emails of a thread, each below the one that it answers.</summary>
    /// <returns>The emails in the order in which they are shown, with their depth.</returns>
    public static IEnumerable<(int Depth, EmailRow Email)> Thread(PreviewExplanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return ConversationTree.Depths(explanation.Thread);
    }

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
