using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using EmailTracking.Bench.Mails;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Bench.Reading;

/// <summary>Reads what people look at over the API, all over what is stored.</summary>
/// <param name="web">Where the API is.</param>
/// <param name="key">Whose eyes are lent.</param>
/// <param name="mails">The mails that were sent.</param>
/// <param name="count">How many of them.</param>
/// <param name="own">The mailboxes that the key sees.</param>
/// <param name="contacts">Records whose timelines are read.</param>
internal sealed class PageReader(
    Uri web, string key, MailSource mails, int count, ImmutableArray<EmailAddress> own, ImmutableArray<RecordReference> contacts) : IDisposable
{
    private const int Page = 50;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly Random _random = new(20260105);
    private readonly HttpClient _client = new()
    {
        BaseAddress = new Uri(web, "/api/tracking/"),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    /// <summary>Waits until the last mail is on the lists.</summary>
    public async Task WaitUntilListedAsync(TimeSpan longest)
    {
        var last = Enumerable.Range(1, count).Select(back => count - back).First(IsOwn);
        var word = Words(last);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < longest; await Task.Delay(Step))
        {
            var mailbox = mails[last].Mailbox;
            var (_, answer) = await AskAsync($"emails?top={Page}&mailbox={mailbox}&search={word.Word}");
            if (answer["value"]!.AsArray().Any(email => (string?)email!["activity"]!["messageid"] == word.MessageId))
            {
                return;
            }
        }

        throw new InvalidOperationException($"After {longest} the last mail is not on the lists: the figures are worth nothing.");
    }

    /// <summary>Reads so often a second, each kind in turn; a read's time runs from when it was due.</summary>
    /// <returns>Milliseconds, by kind.</returns>
    public async Task<IReadOnlyDictionary<string, List<double>>> ReadAsync(int perSecond, int seconds)
    {
        var kinds = new (string Name, Func<Task<string>> Path)[]
        {
            ("list", () => Task.FromResult($"emails?top={Page}&count=true")),
            ("list of a mailbox", () => Task.FromResult($"emails?top={Page}&mailbox={own[_random.Next(own.Length)]}")),
            ("search", () => Task.FromResult($"emails?top={Page}&count=true&search={Words(Any()).Word}")),
            ("one email", () => Task.FromResult($"emails/{Name(Any())}")),
            ("why", () => Task.FromResult($"emails/{Name(Any())}/why")),
            ("conversation", ConversationAsync),
            ("timeline", () => Task.FromResult($"records/contact/{contacts[_random.Next(contacts.Length)].Id}/timeline?top={Page}")),
        };
        var reads = new List<(string Kind, Task<double> Time)>();
        var start = Stopwatch.GetTimestamp();
        for (var number = 0; number < perSecond * seconds; number++)
        {
            var (kind, path) = kinds[number % kinds.Length];
            var address = await path();
            var due = start + (Stopwatch.Frequency * number / perSecond);
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var early && early > TimeSpan.Zero)
            {
                await Task.Delay(early);
            }

            reads.Add((kind, TimeAsync(address, Math.Max(due, Stopwatch.GetTimestamp() - Stopwatch.Frequency))));
        }

        await Task.WhenAll(reads.Select(read => read.Time));
        return reads.GroupBy(read => read.Kind).ToDictionary(group => group.Key, group => group.Select(read => read.Time.Result).ToList());
    }

    public void Dispose() => _client.Dispose();

    private async Task<double> TimeAsync(string path, long due)
    {
        await AskAsync(path);
        return Stopwatch.GetElapsedTime(due).TotalMilliseconds;
    }

    private async Task<(string Text, JsonNode Answer)> AskAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? (text, JsonNode.Parse(text)!)
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{path}: {(int)answer.StatusCode} {text}"));
    }

    private async Task<string> ConversationAsync()
    {
        var (_, email) = await AskAsync($"emails/{Name(Any())}");
        return $"conversations/{(string)email["activity"]!["conversationtrackingid"]!}";
    }

    // One that the key sees, anywhere among all.
    private int Any()
    {
        int number;
        do
        {
            number = _random.Next(count);
        }
        while (!IsOwn(number));
        return number;
    }

    private bool IsOwn(int number) => own.Any(mailbox => mailbox.Value == mails[number].Mailbox) && Words(number).Word is not null;

    private MailWords Words(int number) => MailWords.Of(mails[number].Mail);

    private string Name(int number) => Uri.EscapeDataString(Words(number).MessageId);
}
