using System.Collections.Immutable;
using EmailTracking.Client.Previewing;
using EmailTracking.Preview;
using EmailTracking.Queries;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Web;

/// <summary>What the page is told, in the words that it shows.</summary>
internal static class PageModel
{
    public static IEnumerable<string> Filters => Enum.GetValues<FilterMethod>().Order().Select(TraceWords.Of);

    public static PageSummary Of(PreviewSummary summary, PageSession session) => new(
        session.Bytes,
        summary.Progress.Decided,
        summary.Progress.IsEnded,
        session.Problem,
        summary.Differing,
        [.. PreviewReport.Notes(summary)],
        [.. PreviewReport.Rows(summary).Select(row => new PageRow(row.What, row.Counts))],
        summary.Problems);

    public static PageMail Of(PreviewMail mail) => new(
        mail.Number,
        mail.Source,
        mail.Subject,
        mail.Sender?.Value ?? "unknown sender",
        PreviewReport.Of(mail.SentOn),
        [.. mail.Verdicts.Select(verdict => new PageVerdict(
            verdict.Outcome.ToString().ToLowerInvariant(), PreviewReport.Of(verdict.Outcome), TraceWords.Of(verdict.Reason)))]);

    public static PageReasons Of(PreviewExplanation explanation) => new(
        explanation.Sentences,
        explanation.ThreadCount,
        [
            .. PreviewReport.Thread(explanation).Select(one => new PageEmail(
                one.Depth,
                PreviewReport.Of(one.Email.Activity!.SentOn),
                one.Email.Activity.Sender?.Value ?? "unknown sender",
                one.Email.Activity.Subject,
                one.Email.Activity.State.IsHeld,
                one.Email.Activity.ActivityId == explanation.Email)),
        ]);
}

/// <summary>How far a preview is, and what it came to so far.</summary>
internal sealed record PageSummary(
    long Bytes,
    int Decided,
    bool IsEnded,
    string? Problem,
    int Differing,
    ImmutableArray<string> Notes,
    ImmutableArray<PageRow> Rows,
    ImmutableArray<PreviewProblem> Problems);

/// <summary>A line of the table of filters.</summary>
internal sealed record PageRow(string Name, ImmutableArray<int> Counts);

/// <summary>A mail in the list.</summary>
internal sealed record PageMail(
    int Number, string Source, string Subject, string Sender, string Sent, ImmutableArray<PageVerdict> Verdicts);

/// <summary>What one filter says of it.</summary>
internal sealed record PageVerdict(string Kind, string Outcome, string Why);

/// <summary>A mail, and why each filter tracks it or leaves it out.</summary>
internal sealed record PageExplanation(PageMail Mail, ImmutableArray<PageReasons> Filters);

/// <summary>The reasons of one filter, and the thread.</summary>
internal sealed record PageReasons(ImmutableArray<string> Sentences, int ThreadCount, ImmutableArray<PageEmail> Thread);

/// <summary>An email of the thread, in the order in which they are shown.</summary>
internal sealed record PageEmail(int Depth, string Sent, string Sender, string Subject, bool IsHeld, bool IsHere);

/// <summary>What the page asks for when it begins.</summary>
internal sealed record PageRequest(string? Mailbox, bool Queue, long Size);

/// <summary>What it is given.</summary>
internal sealed record PageOpened(Guid Id, long BytesMax, int MailsMax, ImmutableArray<string> Filters);
