using EmailTracking.Client.Previewing;
using EmailTracking.Preview;
using EmailTracking.Tracking.Deciding;
using Spectre.Console;

namespace EmailTracking.Client.Rendering;

/// <summary>What a preview came to, the filters side by side.</summary>
internal static class PreviewTables
{
    public static void WriteSummary(IAnsiConsole console, PreviewSummary summary)
    {
        foreach (var note in PreviewReport.Notes(summary))
        {
            console.Line(note);
        }

        var table = Filters("");
        foreach (var (what, counts) in PreviewReport.Rows(summary))
        {
            table.Row([what, .. counts.Select(count => Words.Of(count))]);
        }

        console.Write(table);
        foreach (var filter in Enum.GetValues<FilterMethod>().Order())
        {
            console.Line($"Filter {Words.Of(filter)}");
        }
    }

    public static void WriteMails(IAnsiConsole console, PreviewSummary summary, IReadOnlyList<PreviewMail> mails)
    {
        console.WriteLine();
        console.Line(summary.Differing > 0
            ? $"Filters 1 to 3 do not agree on {Words.Of(summary.Differing)} mails. The first of them:"
            : "Filters 1 to 3 agree on every mail. The first mails:");
        var table = Filters("sent", "from", "subject", "message id");
        foreach (var mail in mails)
        {
            table.Row([
                Words.Of(mail.SentOn),
                mail.Sender?.Value,
                mail.Subject,
                mail.MessageId,
                .. mail.Verdicts.Select(verdict => PreviewReport.Of(verdict.Outcome)),
            ]);
        }

        console.Write(table);
        console.Line("Why, and in which thread: give --mail MESSAGE-ID");
    }

    public static void WriteExplanation(IAnsiConsole console, PreviewExplanation explanation)
    {
        console.Line($"Filter {Words.Of(explanation.Filter)}", Color.Aqua);
        foreach (var sentence in explanation.Sentences)
        {
            console.Line($"  {sentence}");
        }

        if (explanation.ThreadCount > 0)
        {
            console.Line($"  Its thread, {Words.Of(explanation.ThreadCount)} emails:");
            foreach (var (lead, row) in ConversationTree.Lines(explanation.Thread))
            {
                var activity = row.Activity!;
                var mark = activity.ActivityId == explanation.Email ? "  <- this mail" : "";
                var held = activity.State.IsHeld ? "  (held)" : "";
                var line = $"{Words.Of(activity.SentOn)}  {activity.Sender?.Value ?? "unknown sender"}  {activity.Subject}{held}{mark}";
                console.Write(new Text($"    {lead}{SafeText.Of(line)}") { Overflow = Overflow.Ellipsis });
                console.WriteLine();
            }
        }

        console.WriteLine();
    }

    private static Table Filters(params ReadOnlySpan<string> first)
    {
        var table = Show.Table([.. first, .. Enum.GetValues<FilterMethod>().Order().Select(filter => $"filter {(int)filter}")]);
        foreach (var column in table.Columns.Skip(first.Length))
        {
            column.Alignment = Justify.Right;
            column.NoWrap = true;
        }

        return table;
    }
}
