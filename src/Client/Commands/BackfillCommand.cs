using System.CommandLine;
using EmailTracking.Client.Comparing;
using EmailTracking.Client.Rendering;
using EmailTracking.Tracking.Mail;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary><c>backfill</c>: brings in mail that a mailbox had before its start date.</summary>
internal static class BackfillCommand
{
    public static Command Create(CommandHost host)
    {
        var (mailbox, since) = (Mailbox(), Since());
        var rules = new Option<bool>("--rules")
        {
            Description = "Treat it as mail that arrives now, which may make records of its senders; else old mail makes none",
        };
        var command = host.Command(
            "backfill",
            "Has old mail of a mailbox decided, from its server, folder by folder. Safe to repeat: what is decided already stays as it is, and " +
            "whoever interrupts it gives the same command again to go on. Exit code 2: some messages cannot be decided; 75: the server does not " +
            "answer, try again; 130: interrupted.",
            "emailtracking backfill ana@contoso.com --since 2025-01-01");
        command.Add(mailbox);
        command.Add(since);
        command.Add(rules);
        host.Connected(command, async (parsed, client, token) =>
        {
            var (address, day) = (parsed.GetValue(mailbox)!.Value, parsed.GetValue(since)!.Value);
            var filler = new MailboxFiller(client, address);
            var filled = await filler.CompareAsync(day, token);
            if (filled.Last.Missing > 0)
            {
                var isOld = !parsed.GetValue(rules);
                filled = await FillProgress.RunAsync(host, filled.Last.Missing, told => filler.FillAsync(day, isOld, told, token));
            }

            host.Console.Write(Sums(filled));
            return End(host, filled.Last.Missing, address, day);
        });
        return command;
    }

    public static Argument<EmailAddress?> Mailbox() =>
        new("MAILBOX") { Description = "The mailbox's address; it is connected to a server", CustomParser = ListCommand.Address };

    public static Option<DateOnly?> Since() => new("--since")
    {
        Description = "Mail that the server received on this day or later", HelpName = "DATE", Required = true, CustomParser = Days.Parse,
    };

    private static Table Sums(Filled filled)
    {
        var table = Show.Table("folder", "on the server", "decided now", "decided", "tracked");
        foreach (var folder in filled.Last.Folders)
        {
            table.Row(
                folder.Folder,
                Words.Of(folder.Observed),
                Words.Of(filled.DecidedNow.GetValueOrDefault(folder.Folder)),
                Words.Of(folder.Decided),
                Words.Of(folder.Tracked));
        }

        foreach (var column in table.Columns.Skip(1))
        {
            column.Alignment = Justify.Right;
        }

        return table;
    }

    private static int End(CommandHost host, int missing, EmailAddress mailbox, DateOnly since)
    {
        if (missing > 0)
        {
            host.Errors.Line(
                $"{Words.Of(missing)} messages cannot be decided. Why: emailtracking dead-letters; then again: emailtracking backfill {mailbox} --since {Days.Text(since)}",
                Color.Red);
            return ExitCodes.SomeFailed;
        }

        host.Console.Line($"Nothing is missing. Why mail is not tracked: emailtracking audit {mailbox} --since {Days.Text(since)}");
        return ExitCodes.Done;
    }
}
