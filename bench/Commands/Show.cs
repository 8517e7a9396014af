using EmailTracking.Bench.Floor;
using EmailTracking.Bench.Measuring;
using static EmailTracking.Bench.Reports.Report;

namespace EmailTracking.Bench.Commands;

/// <summary>A measurement in words.</summary>
internal static class Show
{
    public static IEnumerable<string> Window(Measured measured)
    {
        var (sent, processor) = (measured.Sent, measured.Processor);
        yield return Text($"{sent.Sent} mails, {measured.Rate:f0} a second, {sent.Deferred} deferred");
        yield return Text($"processor {processor.All:f3} ms a mail: client {processor.Client:f3}, ")
            + Text($"silos {processor.Silos:f3}, server {processor.Server:f3}");
        yield return Text(
            $"durable after {sent.Median:f1} ms (half), {sent.P99:f1} ms (99 of 100), {sent.Longest:f1} ms (all)");
        yield return Text($"a mail is made in {sent.MakingMicroseconds:f1} us");
        if (measured.Statements.Calls > 0)
        {
            yield return Text(
                $"{measured.StatementsPerMail:f3} statements a mail; {measured.Statements.Membership} of Orleans' own left out");
        }
    }

    public static IEnumerable<string> Statements(Measured measured) => measured.Statements.Costliest;

    public static string Floor(FloorResult floor) =>
        Text($"{floor.Threads} threads: {floor.Rate:f0} a second, processor {floor.Milliseconds:f3} ms a mail: ")
        + Text($"here {floor.Parsing:f3}, server {floor.Server:f3}");

    public static IEnumerable<string> Rows(StoredRows rows)
    {
        yield return Text($"{rows.BytesPerMail:f0} bytes of rows a mail");
        yield return string.Join(", ", rows.RowsPerMail.Select(table => Text($"{table.Key} {table.Value:f2}")));
    }
}
