using System.Globalization;
using System.Text;

namespace EmailTracking.Tests.Crash.Checker;

/// <summary>Endless mail out of a seed, block by block: the same seed and block are the same bytes, in every process.</summary>
/// <remarks>
/// A block holds a few threads, all of its deliveries shuffled: replies come before their parents, some parents never. One mail is
/// seen in several mailboxes, in copies that differ, or is delivered again under another name; some mails tie two threads; some are
/// seen only where nothing but answers to tracked mail are wanted, some whole threads too. Everybody in a thread has ground with
/// everybody else, so that who belongs together is a matter of ids alone; strangers are the unit tests' matter.
/// </remarks>
public sealed class MailMaker(int seed)
{
    /// <summary>Mailboxes that take all mail.</summary>
    public static readonly string[] Open = ["ana@contoso.com", "ben@contoso.com", "cy@contoso.com", "dora@contoso.com"];

    /// <summary>A queue, which takes all mail.</summary>
    public const string Queue = "support@contoso.com";

    /// <summary>Mailboxes that take answers to tracked mail only.</summary>
    public static readonly string[] AnswersOnly = ["eve@contoso.com", "finn@contoso.com"];

    private const int ThreadsPerBlock = 6;
    private const int MailsPerThreadMax = 7;
    private const int LargeBytes = 1_300_000;
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly string[] TakeAll = [.. Open, Queue];
    private static readonly byte[] Body =
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, LargeBytes / 10).Select(line => $"Line {line}.\r\n")));

    /// <summary>The deliveries of one block, in the order in which they are sent.</summary>
    public IReadOnlyList<Made> Block(int block)
    {
        var random = new Random(unchecked((seed * 1_000_003) + block));
        var deliveries = new List<Made>();
        string? other = null;
        for (var thread = 0; thread < ThreadsPerBlock; thread++)
        {
            other = AddThread(random, deliveries, block, thread, other) ?? other;
        }

        var order = deliveries.ToArray();
        random.Shuffle(order);
        return order;
    }

    // Returns an id of the thread that a mail of another thread may name.
    private string? AddThread(Random random, List<Made> deliveries, int block, int thread, string? other)
    {
        var isPrivate = random.Next(6) == 0;
        var count = random.Next(1, MailsPerThreadMax + 1);
        var letters = new List<Letter>();
        for (var i = 0; i < count; i++)
        {
            var parent = i == 0 ? null : letters[random.Next(i)];

            // Only our side has ground in two customers' threads.
            var tied = !isPrivate && parent?.Depth % 2 == 0 && random.Next(8) == 0 ? other : null;
            letters.Add(LetterOf(random, block, thread, i, parent, tied));
            if (i < count - 1 && random.Next(10) == 0)
            {
                // Nobody is ever shown this one.
                continue;
            }

            var answersOnly = isPrivate || (i > 0 && random.Next(4) == 0);
            foreach (var mailbox in SeenIn(random, answersOnly))
            {
                AddSighting(random, deliveries, letters[i], mailbox, block);
            }
        }

        return isPrivate ? null : letters[^1].Id;
    }

    private Letter LetterOf(Random random, int block, int thread, int number, Letter? parent, string? tied)
    {
        var customer = $"cust-{block}-{thread}.example";
        var (from, to) = (parent?.Depth + 1 ?? 0) % 2 == 0
            ? ($"p{random.Next(3)}@{customer}", "sales@contoso.com")
            : ($"u{random.Next(3)}@contoso.com", $"p0@{customer}");
        string[] ancestors = parent is null ? [] : random.Next(10) < 7 ? [.. parent.Ancestors, parent.Id] : [parent.Id];
        return new Letter(
            $"{seed}.{block}.{thread}.{number}@{customer}",
            from,
            to,
            parent?.Depth + 1 ?? 0,
            ancestors,
            tied,
            parent is not null && random.Next(8) > 0 ? parent.Id : null,
            Start.AddMinutes((block * 100) + (thread * 10) + number),
            random.Next(80) == 0 ? LargeBytes : random.Next(100, 3_000));
    }

    private static IEnumerable<string> SeenIn(Random random, bool answersOnly)
    {
        string[] from = answersOnly ? AnswersOnly : random.Next(4) == 0 ? [.. TakeAll, .. AnswersOnly] : TakeAll;
        var mailboxes = from.ToArray();
        random.Shuffle(mailboxes);
        var seen = mailboxes[..random.Next(1, Math.Min(4, mailboxes.Length + 1))];

        // In the end somebody takes it: where only answers are wanted, mail waits for a parent, not for a mailbox.
        return answersOnly || seen.Intersect(TakeAll).Any() ? seen : [.. seen, TakeAll[0]];
    }

    private static void AddSighting(Random random, List<Made> deliveries, Letter letter, string mailbox, int block)
    {
        var raw = letter.Raw(random.Next(7) == 0 ? mailbox : null);
        Add("Inbox");
        if (random.Next(10) == 0)
        {
            Add("Inbox");
        }

        if (random.Next(12) == 0)
        {
            Add("Archive");
        }

        void Add(string folder) => deliveries.Add(new Made($"{block}.{deliveries.Count}", mailbox, folder, raw));
    }

    private sealed record Letter(
        string Id,
        string From,
        string To,
        int Depth,
        string[] Ancestors,
        string? Tied,
        string? InReplyTo,
        DateTimeOffset Sent,
        int Bytes)
    {
        // Who answers does not repeat what ties: a customer has no ground in another's thread.
        private string[] References => Tied is null ? Ancestors : [Tied, .. Ancestors];

        public byte[] Raw(string? seenBy)
        {
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $"From: {From}\r\nTo: {To}\r\nSubject: {(Depth > 0 ? "Re: " : "")}Order\r\n");
            text.Append(CultureInfo.InvariantCulture, $"Date: {Sent:r}\r\nMessage-ID: <{Id}>\r\n");
            if (InReplyTo is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"In-Reply-To: <{InReplyTo}>\r\n");
            }

            if (References.Length > 0)
            {
                text.Append("References:").AppendJoin("\r\n", References.Select(id => $" <{id}>")).Append("\r\n");
            }

            if (seenBy is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"X-Seen-By: {seenBy}\r\n");
            }

            return [.. Encoding.ASCII.GetBytes(text.Append("\r\n").ToString()), .. Body.AsSpan(0, Bytes)];
        }
    }
}
