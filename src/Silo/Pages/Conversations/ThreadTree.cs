using System.Collections.Immutable;
using EmailTracking.Storage;

namespace EmailTracking.Silo.Pages.Conversations;

/// <summary>An email in the tree of its conversation.</summary>
/// <param name="Email">The email.</param>
/// <param name="Depth">How far below a first email it hangs; 0 for that itself.</param>
/// <param name="Answers">What it hangs below; null when that is nothing, or not shown.</param>
/// <param name="BelowCount">How many hang below it.</param>
public sealed record ThreadRow(EmailRow Email, int Depth, EmailRow? Answers, int BelowCount)
{
    /// <summary>Whether it answers an email that is not shown.</summary>
    public bool AnswersHidden => Answers is null && ThreadTree.ParentOf(Email) is not null;
}

/// <summary>Puts the emails of a conversation below what they answer.</summary>
internal static class ThreadTree
{
    /// <summary>What an email answers: its parent, else what it was correlated by.</summary>
    public static Guid? ParentOf(EmailRow email) => email.Activity?.ParentActivityId ?? email.Activity?.CorrelatedActivityId;

    /// <summary>Makes the tree.</summary>
    /// <param name="emails">Tracked emails that may be shown, by date.</param>
    /// <returns>Each of them once, behind what it answers; what answers the same is by date.</returns>
    public static ImmutableArray<ThreadRow> Of(ImmutableArray<EmailRow> emails)
    {
        var byId = emails.ToDictionary(email => email.Activity!.ActivityId);
        var answers = emails.ToLookup(email => Shown(email, byId)?.Activity!.ActivityId);
        var rows = new List<ThreadRow>(emails.Length);
        var placed = new HashSet<Guid>();

        // Behind those that answer nothing come those that answer each other in a ring, if there are any: from the earliest on.
        foreach (var email in answers[null].Concat(emails))
        {
            Place(email);
        }

        return WithCounts(rows);

        void Place(EmailRow first)
        {
            var open = new Stack<(EmailRow Email, int Depth)>([(first, 0)]);
            while (open.TryPop(out var next))
            {
                var id = next.Email.Activity!.ActivityId;
                if (placed.Add(id))
                {
                    rows.Add(new ThreadRow(next.Email, next.Depth, next.Depth == 0 ? null : Shown(next.Email, byId), 0));
                    foreach (var answer in answers[id].Reverse())
                    {
                        open.Push((answer, next.Depth + 1));
                    }
                }
            }
        }
    }

    private static EmailRow? Shown(EmailRow email, Dictionary<Guid, EmailRow> byId) =>
        ParentOf(email) is { } parent ? byId.GetValueOrDefault(parent) : null;

    private static ImmutableArray<ThreadRow> WithCounts(List<ThreadRow> rows)
    {
        var counts = new Dictionary<Guid, int>();
        foreach (var row in Enumerable.Reverse(rows))
        {
            if (row.Answers is { } answered)
            {
                var id = answered.Activity!.ActivityId;
                counts[id] = counts.GetValueOrDefault(id) + counts.GetValueOrDefault(row.Email.Activity!.ActivityId) + 1;
            }
        }

        return [.. rows.Select(row => row with { BelowCount = counts.GetValueOrDefault(row.Email.Activity!.ActivityId) })];
    }
}
