using System.Globalization;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client.Rendering;

/// <summary>How mailboxes are read, as people read it.</summary>
internal static class MailboxWords
{
    public static string Of(ConnectionSecurity security) => security switch
    {
        ConnectionSecurity.ImplicitTls => "TLS",
        ConnectionSecurity.StartTls => "STARTTLS",
        _ => "no TLS",
    };

    public static string Of(SignInMethod method) => method switch
    {
        SignInMethod.ClientCredentials => "client credentials",
        SignInMethod.RefreshToken => "refresh token",
        _ => "password",
    };

    public static string Of(AccessApproval approval) => approval switch
    {
        AccessApproval.Approved => "approved",
        AccessApproval.Rejected => "rejected",
        AccessApproval.Pending => "waits for approval",
        _ => "not approved",
    };

    public static string Of(MailboxState state) => state switch
    {
        MailboxState.Healthy => "healthy",
        MailboxState.Retrying => "retrying",
        MailboxState.Stopped => "stopped",
        _ => "not read yet",
    };

    public static string Of(FolderRole role) => role switch
    {
        FolderRole.Inbox => "inbox",
        FolderRole.Sent => "sent",
        FolderRole.Aside => "aside",
        _ => "",
    };

    public static string Of(FolderRuleState state) => state switch
    {
        FolderRuleState.Paused => "paused: say which folder is meant, with --resume",
        FolderRuleState.Disabled => "disabled: there is no such folder below the Inbox",
        _ => "active",
    };

    public static string Of(AlertLevel level) => level switch
    {
        AlertLevel.Error => "error",
        AlertLevel.Warning => "warning",
        _ => "information",
    };

    public static string Of(TimeSpan length) =>
        length.Ticks % TimeSpan.TicksPerDay == 0 && length != TimeSpan.Zero ? $"{length.TotalDays.ToString(CultureInfo.InvariantCulture)}d"
        : length.Ticks % TimeSpan.TicksPerHour == 0 && length != TimeSpan.Zero ? $"{length.TotalHours.ToString(CultureInfo.InvariantCulture)}h"
        : length.Ticks % TimeSpan.TicksPerMinute == 0 && length != TimeSpan.Zero ? $"{length.TotalMinutes.ToString(CultureInfo.InvariantCulture)}m"
        : $"{length.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s";

    /// <summary>Where a secret is; what is no such place may be the secret itself, and is not shown.</summary>
    public static string Secret(string? reference) => reference switch
    {
        null => "the profile's",
        _ when reference.StartsWith("env:", StringComparison.Ordinal) || reference.StartsWith("file:", StringComparison.Ordinal) => reference,
        _ => "not shown",
    };

    /// <summary>What a server can do, a sentence for each.</summary>
    public static IEnumerable<string> Of(ServerAbilities abilities)
    {
        yield return abilities.PushesFolders
            ? "It tells of changes in all followed folders by itself: mail, moves and labels are read at once."
            : abilities.Pushes
            ? "It tells of changes in the Inbox by itself: that is read at once, other folders with it and every few minutes."
            : "It does not tell of new mail by itself: it is looked for every few minutes.";
        yield return abilities.CountsChanges
            ? "It tells what changed: labels that people set are seen without reading the folder again."
            : "It does not tell what changed: folders are compared whole to see labels that people set.";
        yield return abilities.TellsGone
            ? "It tells what is gone: moves and deletions are seen without reading the folder again."
            : "It does not tell what is gone: folders are compared whole to see moves and deletions.";
        yield return abilities.KeepsLabels
            ? "It keeps labels of our own: tracked mail can be marked, and people can track by a label."
            : "It keeps no labels of our own: people track by moving mail into a folder with a rule instead.";
        yield return abilities.HasFolderIds
            ? "Its folders have ids: a rule goes along when a folder gets a new name."
            : "Its folders have no ids: a folder with a new name is known by its numbering, and a rule is paused when that is not clear.";
    }
}
