using System.Globalization;
using EmailTracking.Tests.Mailboxes.Servers;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Mailboxes.Figures;

/// <summary>Tests that measure: one after the other, when no other test of the project runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FigureRuns
{
    public const string Name = "figures";

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("EMAILTRACKING_FULL") == "1";

    /// <summary>A count for this run: little in every run, more with <c>./test --full</c>.</summary>
    public static int Or(int full, int brief) => IsFull ? full : brief;

    /// <summary>Tells a figure, which <c>./test</c> collects.</summary>
    public static void Tell(ITestOutputHelper output, FormattableString figure)
    {
        var line = $"figure: {figure.ToString(CultureInfo.InvariantCulture)}";
        output.WriteLine(line);
        Console.WriteLine(line);
    }

    /// <summary>Puts so many mails of about 4 KB into a folder.</summary>
    public static async Task FillAsync(DovecotMailbox mailbox, int count, string name)
    {
        const int together = 2_000;
        for (var from = 0; from < count; from += together)
        {
            await mailbox.DeliverManyAsync("INBOX", Enumerable.Range(from, Math.Min(together, count - from)).Select(i => Letter($"{name}{i}@x", i)));
        }
    }

    /// <summary>A mail of about 4 KB, from one of many people.</summary>
    public static string Letter(string messageId, int i) => DovecotMailbox.Mail(
        messageId,
        $"Letter {i}",
        string.Concat(Enumerable.Range(0, 58).Select(line => $"Line {line} of letter {i} is about desks, chairs and what else there is.\r\n")),
        "Date: Mon, 5 Jan 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n")
        .Replace("ana@fabrikam.com", $"p{i % 700}@fabrikam{i % 40}.com", StringComparison.Ordinal);
}
