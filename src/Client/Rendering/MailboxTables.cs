using System.Globalization;
using EmailTracking.Client.Commands;
using EmailTracking.Mailboxes.Sync;
using Spectre.Console;

namespace EmailTracking.Client.Rendering;

/// <summary>How mailboxes are read, as tables.</summary>
internal static class MailboxTables
{
    /// <summary>Every mailbox, a row each.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyCollection<MailboxStatus> statuses)
    {
        var table = Show.Table("mailbox", "profile", "approval", "enabled", "state", "read last", "problem", "what to do");
        foreach (var one in statuses)
        {
            table.Row(
                one.Connection.Mailbox.Value,
                one.Connection.Profile,
                MailboxWords.Of(one.Connection.Approval),
                one.Connection.IsEnabled ? "yes" : "no",
                MailboxWords.Of(one.Health.State),
                Time(one.Health.LastReadOn),
                one.Health.Problem,
                one.Health.NextStep);
        }

        console.Write(table);
    }

    /// <summary>One mailbox, with its folders.</summary>
    public static void Write(IAnsiConsole console, MailboxStatus status)
    {
        var (connection, health) = (status.Connection, status.Health);
        var table = Show.Table("what", "value")
            .Row("mailbox", connection.Mailbox.Value)
            .Row("profile", connection.Profile)
            .Row("signs in as", connection.UserName)
            .Row("secret", MailboxWords.Secret(connection.Secret))
            .Row("reads mail since", Days.Text(connection.StartsOn))
            .Row("approval", connection.ApprovedBy is { } who ? $"{MailboxWords.Of(connection.Approval)} by {who}" : MailboxWords.Of(connection.Approval))
            .Row("enabled", connection.IsEnabled ? "yes" : "no")
            .Row("deletes processed mail", connection.DeletesProcessed ? "yes" : "no")
            .Row("state", health.Since is { } since ? $"{MailboxWords.Of(health.State)} since {Words.Of(since)}" : MailboxWords.Of(health.State))
            .Row("read last", Time(health.LastReadOn));
        if (health.Problem is not null)
        {
            table.Row("problem", health.Problem)
                .Row("what to do", health.NextStep)
                .Row("failed in a row", Words.Of(health.Failures))
                .Row("tried again", Time(health.RetryOn));
        }

        if (status.WatchProblem is { } unwatched)
        {
            table.Row("other folders", $"{unwatched} What it does not tell of is looked at with the rest, and every few minutes.");
        }

        console.Write(table);
        if (status.Folders.IsEmpty)
        {
            console.Line("No folder was read yet.");
            return;
        }

        var folders = Show.Table("folder", "role", "read up to message", "numbering", "last change", "gone since");
        foreach (var folder in status.Folders)
        {
            folders.Row(
                folder.Name,
                MailboxWords.Of(folder.Role),
                folder.Mark is { } mark ? Number(mark.Next == 0 ? 0 : mark.Next - 1) : "not read",
                folder.Mark is null ? "" : Number(folder.Mark.Validity),
                folder.Mark is { Change: > 0 } change ? Number(change.Change) : "",
                folder.GoneOn is null ? "" : Time(folder.GoneOn));
        }

        console.Write(folders);
    }

    private static string Time(DateTimeOffset? time) => time is null ? "never" : Words.Of(time);

    // As the server calls them: without separators.
    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
