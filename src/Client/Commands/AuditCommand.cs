using System.CommandLine;
using EmailTracking.Client.Comparing;
using EmailTracking.Client.Rendering;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Queries;
using EmailTracking.Tracking.Mail;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary><c>audit</c>: whether every message of a mailbox's server was decided, and why those that are not tracked are not.</summary>
internal static class AuditCommand
{
    public static Command Create(CommandHost host)
    {
        var (mailbox, since) = (BackfillCommand.Mailbox(), BackfillCommand.Since());
        var noRepair = new Option<bool>("--no-repair") { Description = "Only tell what is missing; else it is decided now" };
        var command = host.Command(
            "audit",
            "Compares what a mailbox's server has with what was decided, says why mail is not tracked, and has decided what is missing. " +
            "Exit code 1: something is still missing; 75: the server does not answer, try again.",
            "emailtracking audit ana@contoso.com --since 2026-01-01",
            "emailtracking audit ana@contoso.com --since 2026-01-01 --no-repair");
        command.Add(mailbox);
        command.Add(since);
        command.Add(noRepair);
        host.Connected(command, async (parsed, client, token) =>
        {
            var (address, day) = (parsed.GetValue(mailbox)!.Value, parsed.GetValue(since)!.Value);
            var filler = new MailboxFiller(client, address);
            var filled = await filler.CompareAsync(day, token);
            if (filled.Last.Missing > 0 && !parsed.GetValue(noRepair))
            {
                filled = await FillProgress.RunAsync(host, filled.Last.Missing, told => filler.RepairAsync(day, told, token));
            }

            foreach (var folder in filled.Last.Folders)
            {
                host.Console.Line(Line(folder));
            }

            return End(host, filled, address);
        });
        return command;
    }

    /// <summary>What one folder came to.</summary>
    public static string Line(FolderComparison folder)
    {
        var left = folder.Decided - folder.Tracked;
        var reasons = folder.NotTracked.OrderByDescending(one => one.Value).ThenBy(one => one.Key)
            .Select(one => $"because {TraceWords.Of(one.Key)}: {Words.Of(one.Value)}");
        return $"{folder.Folder}: observed {Words.Of(folder.Decided)} of {Words.Of(folder.Observed)}; {Words.Of(folder.Tracked)} tracked; " +
            $"{Words.Of(left)} not tracked {string.Join("; ", reasons)}".TrimEnd();
    }

    private static int End(CommandHost host, Filled filled, EmailAddress mailbox)
    {
        var repaired = filled.DecidedNow.Values.Sum();
        if (repaired > 0)
        {
            host.Console.Line($"{Words.Of(repaired)} messages were missing, and were decided now.");
        }

        if (filled.Last.Missing > 0)
        {
            host.Errors.Line(
                $"{Words.Of(filled.Last.Missing)} messages of {mailbox} are missing. Have them decided: the same without --no-repair; those that cannot be: emailtracking dead-letters",
                Color.Red);
            return ExitCodes.WrongInput;
        }

        host.Console.Line($"Nothing is missing in mailbox {mailbox}.");
        return ExitCodes.Done;
    }
}
