using System.Globalization;
using System.Text;

namespace EmailTracking.Bench.Mails;

/// <summary>Mail for machines without a corpus: eight lists, threads of one to eight mails, half of them under 3 KB.</summary>
internal static class MadeUpMails
{
    private const int Count = 4_000;
    private const int Lists = 8;
    private const int ThreadLengthMax = 8;
    private const double BytesMedian = 3_000;
    private const int BytesMax = 60_000;
    private const int Words = 3_000;
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    public static List<MailTemplate> Templates()
    {
        var random = new Random(20260105);
        var words = Enumerable.Range(0, Words).Select(_ => Word(random)).ToArray();
        var threads = new List<List<int>>();
        var mails = new List<MailTemplate>(Count);
        for (var i = 0; i < Count; i++)
        {
            var thread = threads.Count == 0 || random.Next(3) == 0 ? threads.Count : random.Next(threads.Count);
            if (thread == threads.Count)
            {
                threads.Add([]);
            }

            mails.Add(new MailTemplate($"list-{thread % Lists}@contoso.com", Write(random, words, i, thread, threads[thread])));
            threads[thread].Add(i);
            if (threads[thread].Count == ThreadLengthMax)
            {
                threads[thread] = [];
            }
        }

        return mails;
    }

    private static byte[] Write(Random random, string[] words, int number, int thread, List<int> before)
    {
        var mail = new StringBuilder();
        Line($"Received: from mail.fabrikam.example by mx.contoso.example; {Date(number)}");
        Line($"Date: {Date(number)}");
        Line($"From: \"Writer {random.Next(400)}\" <writer{random.Next(400)}@fabrikam{random.Next(60)}.example>");
        Line($"To: list-{thread % Lists}@contoso.com");
        Line($"Cc: \"Reader {random.Next(400)}\" <reader{random.Next(400)}@fabrikam{random.Next(60)}.example>");
        var subject = $"{words[thread % Words]} {words[thread * 7 % Words]} {words[thread * 31 % Words]}";
        Line($"Subject: {(before.Count == 0 ? "" : "Re: ")}{subject}");
        Line($"Message-ID: <mail{number}@fabrikam.example>");
        if (before.Count > 0)
        {
            Line($"In-Reply-To: <mail{before[^1]}@fabrikam.example>");
            Line($"References: {string.Join("\n ", before.Select(one => $"<mail{one}@fabrikam.example>"))}");
        }

        Line("MIME-Version: 1.0");
        Line("Content-Type: text/plain; charset=utf-8");
        Line("");
        var bytes = Math.Min(BytesMax, BytesMedian * Math.Exp(Normal(random) * 0.9));
        for (var length = 0; mail.Length < bytes; length++)
        {
            // Common words are common: what is compressed shrinks as letters do.
            mail.Append(words[(int)(Words * Math.Pow(random.NextDouble(), 3))]).Append(length % 12 == 11 ? '\n' : ' ');
        }

        mail.Append('\n');
        return Encoding.ASCII.GetBytes(mail.ToString());

        void Line(string text) => mail.Append(text).Append('\n');
    }

    private static string Date(int number) => Start.AddMinutes(number).ToString("r", CultureInfo.InvariantCulture);

    private static string Word(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(
        _ => $"{"bcdfghklmnprstvw"[random.Next(16)]}{"aeiou"[random.Next(5)]}"));

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
