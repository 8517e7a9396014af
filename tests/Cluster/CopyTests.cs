using System.IO.Compression;
using System.Text.Json;
using EmailTracking.Tracking.Mail;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Cluster;

/// <summary>Mail that was seen in several lists, its copies delivered to different mailboxes at the same moment.</summary>
public sealed class CopyTests(ITestOutputHelper output)
{
    private const int InFlight = 64;
    private static readonly Silo.Mime.MimeMapper Parser = new(Microsoft.Extensions.Options.Options.Create(new Silo.Mime.MimeOptions()));
    private static readonly int IdsMax = Corpora.Full ? int.MaxValue : 200;

    [Fact]
    public async Task Copies_in_different_mailboxes_at_once_are_one_activity()
    {
        if (Corpora.Threads is null)
        {
            return;
        }

        var copies = await ReadCopiesAsync();
        await using var cluster = await TrackingCluster.StartAsync(2);
        string[] mailboxes = [.. Enumerable.Range(0, copies.Max(one => one.Value.Count)).Select(i => $"list-{i}@contoso.com")];
        foreach (var mailbox in mailboxes)
        {
            await cluster.CreateMailboxAsync(mailbox);
        }

        await Parallel.ForEachAsync(copies.Values, new ParallelOptions { MaxDegreeOfParallelism = InFlight }, async (mails, _) =>
        {
            var answers = await Task.WhenAll(mails.Select((mail, i) => cluster.DeliverAsync(mailboxes[i], mail)));

            // One that lost every race is decided later, and has no activity yet.
            Assert.InRange(answers.Select(answer => answer.ActivityId).OfType<Guid>().Distinct().Count(), 1, AuthorsOf(mails));
        });
        await cluster.DrainAsync();

        var rows = await cluster.ExportAsync();
        output.WriteLine($"figure: {copies.Count} ids in {copies.Sum(one => one.Value.Count)} copies, at once in up to {mailboxes.Length} mailboxes: {rows.Count} activities");
        Assert.Equal(copies.Values.Sum(AuthorsOf), rows.Count);
        Assert.All(rows, row => Assert.NotNull(row.Activity));
    }

    // A program that answers under the id that it answers makes two mails of one id, and a list that writes its own address into From
    // does not.
    private static int AuthorsOf(List<byte[]> mails) => Math.Max(1, mails
        .Select(mail => (Silo.Mime.MimeResult.Mapped)Parser.Map(mail))
        .Select(mail => FactsOfMail.Read(mail.Headers))
        .Where(mail => !Copies.IsRelayed(mail.Thread, mail.Sender))
        .Select(mail => mail.Sender)
        .Distinct()
        .Count());

    // Which copies there are: for each id the list and the position in it, counted from 0.
    private static async Task<Dictionary<string, List<byte[]>>> ReadCopiesAsync()
    {
        await using var file = new GZipStream(
            File.OpenRead(Path.Combine(Corpora.Threads!, "multi_mailbox.json.gz")), CompressionMode.Decompress);
        using var ids = await JsonDocument.ParseAsync(file);
        var wanted = ids.RootElement.EnumerateObject().Select(id => id.Name).Order(StringComparer.Ordinal).Take(IdsMax).ToHashSet();
        var copies = wanted.ToDictionary(id => id, _ => new List<byte[]>());
        foreach (var mail in await Corpora.ReadAsync())
        {
            if (Parser.Map(mail) is Silo.Mime.MimeResult.Mapped { Headers.MessageId: { } header } &&
                MessageId.TryParse(header, out var id) && copies.TryGetValue(id.Value, out var list))
            {
                list.Add(mail);
            }
        }

        Assert.All(copies, one => Assert.True(one.Value.Count >= 2, $"{one.Key} has {one.Value.Count} copy."));
        return copies;
    }
}
