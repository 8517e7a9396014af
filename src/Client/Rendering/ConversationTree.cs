using EmailTracking.Storage;

namespace EmailTracking.Client.Rendering;

/// <summary>The emails of a conversation, each below the one that it answers.</summary>
internal static class ConversationTree
{
    // Deeper answers are shown at this depth: hundreds of answers to answers would leave the screen.
    private const int DepthMax = 24;

    /// <summary>One line per email: what leads to it, and the email.</summary>
    /// <param name="rows">The emails in the order in which siblings are shown.</param>
    public static IEnumerable<(string Lead, EmailRow Email)> Lines(IReadOnlyList<EmailRow> rows) =>
        Walk(rows).Select(one => (one.Lead, one.Email));

    /// <summary>The same, with how deep each email lies; 0 for the first.</summary>
    /// <param name="rows">The emails in the order in which siblings are shown.</param>
    public static IEnumerable<(int Depth, EmailRow Email)> Depths(IReadOnlyList<EmailRow> rows) =>
        Walk(rows).Select(one => (one.Depth, one.Email));

    private static IEnumerable<(string Lead, int Depth, EmailRow Email)> Walk(IReadOnlyList<EmailRow> rows)
    {
        var activities = rows.Select(row => row.Activity?.ActivityId).OfType<Guid>().ToHashSet();
        var children = rows.ToLookup(row => row.Activity?.ParentActivityId is { } parent && activities.Contains(parent) ? parent : Guid.Empty);
        var shown = new HashSet<EmailRow>(ReferenceEqualityComparer.Instance);
        foreach (var start in children[Guid.Empty].Concat(rows))
        {
            // The rows that come again here answer each other in a circle; the first of them begins it.
            var open = new Stack<(EmailRow Row, string Lead, string Below, int Depth)>();
            open.Push((start, "", "", 0));
            while (open.TryPop(out var next))
            {
                if (!shown.Add(next.Row))
                {
                    continue;
                }

                yield return (next.Lead, next.Depth, next.Row);
                var answers = (next.Row.Activity is { } activity ? children[activity.ActivityId] : []).ToArray();
                for (var i = answers.Length - 1; i >= 0; i--)
                {
                    var isLast = i == answers.Length - 1;
                    open.Push(next.Depth >= DepthMax
                        ? (answers[i], next.Lead, next.Below, next.Depth)
                        : (answers[i], next.Below + (isLast ? "\u2514\u2500 " : "\u251c\u2500 "), next.Below + (isLast ? "   " : "\u2502  "), next.Depth + 1));
                }
            }
        }
    }
}
