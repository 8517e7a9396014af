using System.Collections.Immutable;
using EmailTracking.Client.Rendering;
using EmailTracking.Storage;

namespace EmailTracking.Silo.Pages.Conversations;

/// <summary>An email in the tree of its conversation.</summary>
/// <param name="Email">The email.</param>
/// <param name="Depth">How far below a first email it hangs; 0 for that itself.</param>
/// <param name="Answers">What it hangs below; null when that is nothing, or not shown.</param>
/// <param name="AnswersHidden">Whether it answers an email that is not shown.</param>
/// <param name="BelowCount">How many hang below it.</param>
public sealed record ThreadRow(EmailRow Email, int Depth, EmailRow? Answers, bool AnswersHidden, int BelowCount);

/// <summary>Puts the emails of a conversation below what they answer.</summary>
internal static class ThreadTree
{
    /// <summary>Makes the tree.</summary>
    /// <param name="emails">Tracked emails that may be shown, by date.</param>
    /// <returns>Each of them once, behind what it answers; what answers the same is by date.</returns>
    public static ImmutableArray<ThreadRow> Of(ImmutableArray<EmailRow> emails)
    {
        var byId = emails.ToDictionary(email => email.Activity!.ActivityId);
        var rows = ConversationTree.Depths(emails).Select(one => Row(one.Email, one.Depth)).ToArray();
        var below = new Dictionary<EmailRow, int>(ReferenceEqualityComparer.Instance);
        foreach (var row in Enumerable.Reverse(rows).Where(row => row.Answers is not null))
        {
            below[row.Answers!] = below.GetValueOrDefault(row.Answers!) + below.GetValueOrDefault(row.Email) + 1;
        }

        return [.. rows.Select(row => row with { BelowCount = below.GetValueOrDefault(row.Email) })];

        ThreadRow Row(EmailRow email, int depth) => email.Activity!.ParentActivityId is { } parent
            ? new ThreadRow(email, depth, depth == 0 ? null : byId[parent], !byId.ContainsKey(parent), 0)
            : new ThreadRow(email, depth, null, AnswersHidden: false, 0);
    }
}
