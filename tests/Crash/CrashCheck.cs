using EmailTracking.Client;
using EmailTracking.Storage;
using EmailTracking.Tests.Crash.Checker;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Crash;

/// <summary>Holds what is stored against what the client was told, and against what the raw mail says.</summary>
internal sealed class CrashCheck(EmailTrackingClient client, MailMaker maker, int blocks, IReadOnlyList<Acknowledgement> acknowledged)
{
    private const int SampleCount = 25;
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan DrainPause = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, (string Mailbox, string Id)> _deliveries = [];

    /// <summary>Waits until nothing is left to be decided again. The cluster tells nobody when that is: it is asked.</summary>
    public static async Task DrainAsync(EmailTrackingClient client)
    {
        using var patience = new CancellationTokenSource(DrainMax);
        while ((await client.CountAsync(patience.Token)).Outbox > 0)
        {
            await Task.Delay(DrainPause, patience.Token);
        }
    }

    /// <summary>What was acknowledged last before a kill is there after it.</summary>
    public static async Task RecentAsync(EmailTrackingClient client, MailMaker maker, IEnumerable<Acknowledgement> recent)
    {
        foreach (var block in recent.GroupBy(one => one.Block))
        {
            var made = maker.Block(block.Key).ToDictionary(one => one.Operation);
            await Parallel.ForEachAsync(block, async (one, token) =>
            {
                var delivery = made[one.Operation];
                var stored = await client.ExplainAsync(RawMail.Read(delivery.Raw).Id, token);
                Assert.True(stored is not null, $"{one} was acknowledged and is lost.");
                var isSeen = stored.Decisions.Any(decision => decision.Place.Mailbox.Value == delivery.Mailbox);
                Assert.True(isSeen, $"{one} was acknowledged, and is lost in {delivery.Mailbox}.");
                Assert.True(one.Activity.Length == 0 || $"{stored.Email.Activity?.ActivityId}" == one.Activity, $"{one} is another now.");
            });
        }
    }

    /// <summary>Who wrote tracked mail; known after <see cref="AllAsync"/>.</summary>
    public IReadOnlyCollection<string> Senders { get; private set; } = [];

    public async Task AllAsync()
    {
        var expected = new Expected(Deliveries());
        Senders = [.. expected.Senders];
        var rows = new List<EmailRow>();
        await foreach (var row in client.ExportAsync())
        {
            rows.Add(row);
        }

        var tracked = rows.Where(row => row.Activity is not null).ToList();
        Assert.Equal(expected.Mails.Count, rows.Count);
        Assert.Equal(expected.Tracked.Order(), tracked.Select(row => row.Activity!.MessageId!).Order());
        Assert.Equal(tracked.Count, tracked.Select(row => row.Activity!.ActivityId).Distinct().Count());

        var byId = tracked.ToDictionary(row => row.Activity!.MessageId!);
        CheckMails(expected, byId);
        CheckAcknowledged(byId);
        CheckCounts(expected, await client.CountAsync());
        await CheckSamplesAsync(byId);
    }

    private IEnumerable<Made> Deliveries()
    {
        foreach (var made in Enumerable.Range(0, blocks).SelectMany(maker.Block))
        {
            _deliveries.Add(made.Operation, (made.Mailbox, RawMail.Read(made.Raw).Id));
            yield return made;
        }
    }

    private static void CheckMails(Expected expected, Dictionary<string, EmailRow> byId)
    {
        var mailboxes = expected.Mailboxes;
        var ids = byId.ToDictionary(one => one.Value.Activity!.ActivityId, one => one.Key);
        foreach (var (id, row) in byId)
        {
            Assert.Equal(mailboxes[id].Distinct().Order(), row.Mailboxes.Select(mailbox => mailbox.Value));
            var parent = row.Activity!.ParentActivityId is { } activity ? ids[activity] : null;
            Assert.True(expected.ParentOf(id) == parent, $"{id} answers {expected.ParentOf(id)}, not {parent}.");
        }

        // Each conversation by its members, on both sides.
        Assert.Equal(
            expected.Conversations.Select(members => string.Join(' ', members.Order())).Order(),
            byId.GroupBy(one => one.Value.Activity!.State.ConversationId)
                .Select(members => string.Join(' ', members.Select(one => one.Key).Order())).Order());
    }

    private void CheckAcknowledged(Dictionary<string, EmailRow> byId)
    {
        Assert.Equal(_deliveries.Keys.Order(), acknowledged.Select(one => one.Operation).Order());
        foreach (var one in acknowledged.Where(one => one.Activity.Length > 0))
        {
            var stored = byId[_deliveries[one.Operation].Id].Activity!.ActivityId;
            Assert.True($"{stored}" == one.Activity, $"{one} is {stored} now.");
        }

        // Nobody may be told twice that his delivery made the activity.
        Assert.All(acknowledged.Where(one => one.IsFirst).GroupBy(one => _deliveries[one.Operation].Id), told => Assert.Single(told));
        Assert.DoesNotContain(acknowledged, one => one.Outcome == nameof(Outcome.Failed));
    }

    private static void CheckCounts(Expected expected, TrackingCounts counts)
    {
        Assert.Equal((0, 0), (counts.Outbox, counts.DeadLetters));
        var decisions = expected.Sightings.GroupBy(one => expected.OutcomeOf(one.Mailbox, one.Id));
        Assert.Equal(
            decisions.ToDictionary(group => group.Key, group => group.LongCount()).OrderBy(one => one.Key),
            counts.Decisions.Where(one => one.Value > 0).ToDictionary(one => $"{one.Key}", one => one.Value).OrderBy(one => one.Key));
    }

    private async Task CheckSamplesAsync(Dictionary<string, EmailRow> byId)
    {
        var sample = acknowledged.Where(one => one.Conversation.Length > 0).ToArray();
        var step = Math.Max(1, sample.Length / SampleCount);
        foreach (var one in sample.Where((_, i) => i % step == 0))
        {
            // Conversations that were merged since are found by the name that was given out.
            var conversation = await client.ReadConversationAsync(Guid.Parse(one.Conversation));
            Assert.Contains(conversation, row => $"{row.Activity?.ActivityId}" == one.Activity);

            var id = _deliveries[one.Operation].Id;
            await using var raw = await client.OpenRawAsync(byId[id].Activity!.ActivityId);
            using var bytes = new MemoryStream();
            await raw!.CopyToAsync(bytes);
            Assert.Contains(maker.Block(one.Block), made => made.Raw.AsSpan().SequenceEqual(bytes.ToArray()));
        }
    }
}
