using System.Globalization;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Folder rules in words, as the changes of a mailbox keep them.</summary>
public static class FolderRuleText
{
    /// <summary>Who changes a rule when its folder is moved or deleted.</summary>
    private static readonly Author Server = new("the mailbox's server");

    private const string AlsoExisting = "; the tracked mail in it as well";

    /// <summary>A rule, for example <c>about account/3f25…, from 2026-03-01, paused</c>; <c>none</c> when there is none.</summary>
    public static string Of(TrackingFolder? rule) => rule is null ? "none" : string.Join(", ", Parts(rule));

    /// <summary>A change of a rule. One of them is null when it is made or removed.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="after">As it is.</param>
    /// <param name="author">Who; null: its folder was moved or deleted.</param>
    /// <param name="on">When; UTC.</param>
    /// <param name="alsoExisting">Whether the mail that lies there already is meant as well.</param>
    internal static MailboxChange Change(
        TrackingFolder? before, TrackingFolder? after, Author? author, DateTimeOffset on, bool alsoExisting = false)
    {
        var (by, why) = author ?? Server;
        return new MailboxChange(
            $"mailboxtrackingfolder {(after ?? before)!.Name}", Of(before), Of(after) + (alsoExisting ? AlsoExisting : ""), by, on, why);
    }

    private static IEnumerable<string> Parts(TrackingFolder rule)
    {
        yield return rule.Regarding is { } record ? $"about {record}" : "about nothing";
        if (rule.From is { } from)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"from {from:yyyy-MM-dd}");
        }

        if (rule.Until is { } until)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"until {until:yyyy-MM-dd}");
        }

        if (rule.State != FolderRuleState.Active)
        {
            yield return rule.State == FolderRuleState.Paused ? "paused" : "disabled";
        }
    }
}
