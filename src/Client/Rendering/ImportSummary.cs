using EmailTracking.Client.Importing;
using EmailTracking.Queries;
using Spectre.Console;

namespace EmailTracking.Client.Rendering;

/// <summary>What an import came to, at its end.</summary>
internal static class ImportSummary
{
    private const int ProblemsShownMax = 50;

    public static void Write(IAnsiConsole console, ImportRequest request, ImportResult result, TimeSpan elapsed)
    {
        WriteMailbox(console, request, result);
        foreach (var resumed in result.Resumed)
        {
            console.Line($"Gone on with an interrupted import. {resumed}; --restart begins at the beginning.");
        }

        console.Write(Counts(result.Counts));
        console.Line($"{Words.Of(result.Counts.Answered)} mails in {elapsed.TotalSeconds:0.0} s.");
        if (result.Counts.Waiting > 0)
        {
            console.Line("Waiting: what they answer is not tracked yet; they are decided again when it is.");
        }

        if (result.Counts.Deferred > 0)
        {
            console.Line("Deferred: the cluster goes on deciding them. Look again: emailtracking status");
        }

        WriteProblems(console, result);
        if (result.IsInterrupted || result.Failure is not null)
        {
            console.Line("Stopped before the end. What was answered is kept; give the same command again to go on.");
        }
    }

    private static void WriteMailbox(IAnsiConsole console, ImportRequest request, ImportResult result)
    {
        var mailbox = result.Mailbox;
        var kind = mailbox.IsQueue ? "queue" : "user";
        if (result.IsMailboxCreated)
        {
            console.Line($"Created mailbox {mailbox.Address} ({kind}, filter {Words.Of(mailbox.Filter)}).");
            return;
        }

        console.Line($"Mailbox {mailbox.Address} ({kind}, filter {Words.Of(mailbox.Filter)}).");
        if (request.Filter is { } filter && filter != mailbox.Filter)
        {
            console.Line(
                $"It was there already and keeps its filter; --filter {(int)filter} was not applied. To change it: emailtracking mailbox set {mailbox.Address} --filter {(int)filter}",
                Color.Yellow);
        }

        if (request.IsQueue && !mailbox.IsQueue)
        {
            console.Line(
                $"It was there already and stays a user's. To change it: emailtracking mailbox set {mailbox.Address} --queue",
                Color.Yellow);
        }
    }

    private static Table Counts(ImportCounts counts)
    {
        var table = Show.Table("outcome", "mails")
            .Row("seen", Words.Of(counts.Seen))
            .Row("tracked", Words.Of(counts.Tracked))
            .Row("already tracked", Words.Of(counts.AlreadyTracked));
        foreach (var (reason, count) in counts.Skipped)
        {
            table.Row($"skipped: {TraceWords.Of(reason)}", Words.Of(count));
        }

        table.Row("waiting", Words.Of(counts.Waiting))
            .Row("deferred", Words.Of(counts.Deferred))
            .Row("failed", Words.Of(counts.Failed));
        table.Columns[1].Alignment = Justify.Right;
        return table;
    }

    private static void WriteProblems(IAnsiConsole console, ImportResult result)
    {
        if (result.Problems.IsEmpty)
        {
            return;
        }

        var table = Show.Table("where", "what", "advice");
        foreach (var problem in result.Problems.Take(ProblemsShownMax))
        {
            table.Row(problem.Source, problem.IsFailure ? "failed" : "incomplete", problem.Advice);
        }

        console.Write(table);
        if (result.Problems.Length > ProblemsShownMax)
        {
            console.Line($"Only the first {ProblemsShownMax} are shown. Those that the cluster keeps: emailtracking dead-letters");
        }
    }
}
