using EmailTracking.Acts;
using EmailTracking.Storage;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>What was learned of the model's mail in a run, learned again elsewhere in another order.</summary>
/// <remarks>
/// A folder that the mail left and that says no more what it is about is a folder without a record here: where mail lay last is told
/// by its own order, and that is no order of learning.
/// </remarks>
internal sealed class ModelReplay(SyncCluster cluster, ModelWorld world, Random random)
{
    private const string Plain = " (plain)";

    /// <summary>Learns it in a random order, and compares what became of it.</summary>
    public async Task CheckAsync()
    {
        var rows = await cluster.Cluster.ExportAsync();
        var seen = await SeenAsync(rows);
        await using var again = await TrackingCluster.StartAsync(1);
        await again.Organization.SaveRecordsAsync(
        [
            .. Claims(rows).Select(claim => claim.Record).Distinct().Select(record =>
                new CrmRecord(new RecordFacts(record, IsActive: true, null, DateTimeOffset.UnixEpoch), "A record", [])),
        ]);
        foreach (var mailbox in world.Mailboxes)
        {
            await again.Organization.SaveMailboxAsync(Mailbox(mailbox, rows, seen));
        }

        var order = seen.ToArray();
        random.Shuffle(order);
        await Parallel.ForEachAsync(order, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (one, _) =>
            await again.DeliverAsync(one.Mailbox, one.Mail.Raw, one.Folder));
        await again.DrainAsync();
        var acts = (await cluster.ActsAsync()).Select(past => past.Act).ToArray();
        random.Shuffle(acts);
        foreach (var act in acts)
        {
            var call = new ActCall { Id = act.Id, Kind = act.Kind, By = act.By, On = act.On, Names = [.. act.Emails.Select(key => key.ToString())] };
            Assert.Null((await again.Silos.Client.GetGrain<IActGrain>(GrainKeys.Organization(GrainKeys.DefaultOrganization)).ActAsync(call)).Problem);
        }

        await again.DrainAsync();
        var learned = await again.ExportAsync();
        var (first, second) = (Words(rows).ToList(), Words(learned).ToList());
        Assert.True(first.SequenceEqual(second), string.Join('\n', await DifferencesAsync(first, second, rows, learned, again)));
    }

    // For each mail that came out otherwise: what is claimed of it, and where it was seen, the first time and the second.
    private async Task<IEnumerable<string>> DifferencesAsync(
        List<string> first, List<string> second, List<EmailRow> rows, List<EmailRow> learned, TrackingCluster again)
    {
        var lines = new List<string>();
        foreach (var mail in world.Mails.Where(mail => first.Concat(second).Any(line =>
            line.StartsWith($"{mail.MessageId} ", StringComparison.Ordinal) && !(first.Contains(line) && second.Contains(line)))))
        {
            foreach (var (words, all, client) in new[] { (first, rows, cluster.Cluster.Client), (second, learned, again.Client) })
            {
                lines.AddRange(words.Where(line => line.StartsWith($"{mail.MessageId} ", StringComparison.Ordinal)));
                lines.AddRange(all.Where(row => row.Key == mail.Key).SelectMany(row => row.Activity?.State.RegardingClaims ?? []).Select(claim => $"  {claim}"));
                lines.AddRange(((await client.ExplainAsync(mail.Key.ToString()))?.Decisions ?? []).Select(decision =>
                    $"  {decision.Place.Mailbox} {decision.Place.Folder} {decision.Place.Item}: {decision.Outcome}, {decision.Reason}"));
            }
        }

        return lines;
    }

    // Who is tracked, what it is about, what it answers, and with whom it is together.
    private static IEnumerable<string> Words(List<EmailRow> rows)
    {
        var tracked = rows.Where(row => row.Activity is { State.LeftOut: null }).OrderBy(row => row.Key.ToString(), StringComparer.Ordinal).ToList();
        var first = tracked.GroupBy(row => row.Activity!.State.ConversationId)
            .ToDictionary(conversation => conversation.Key, conversation => conversation.First().Activity!.MessageId);
        return tracked.Select(row => row.Activity!).Select(activity =>
            $"{activity.MessageId} is about {activity.Regarding}, answers {activity.CorrelatedActivityId}, is with {first[activity.State.ConversationId]}");
    }

    private static IEnumerable<RegardingClaim> Claims(IEnumerable<EmailRow> rows) => rows
        .SelectMany(row => row.Activity?.State.RegardingClaims ?? [])
        .Where(claim => claim.Source == RegardingSource.Folder);

    private async Task<List<(string Mailbox, string Folder, ModelMail Mail)>> SeenAsync(List<EmailRow> rows)
    {
        var claims = rows.ToDictionary(row => row.Key, row => Claims([row]).Select(claim => (claim.Mailbox!.Value, claim.Folder!)).ToHashSet());
        var seen = new HashSet<(string, string, ModelMail)>();
        foreach (var mail in world.Mails.Where(mail => claims.ContainsKey(mail.Key)))
        {
            foreach (var decision in (await cluster.Cluster.Client.ExplainAsync(mail.Key.ToString()))!.Decisions)
            {
                var (mailbox, folder) = (decision.Place.Mailbox, decision.Place.Folder);
                if (decision.Outcome != Outcome.Tracked && decision.FolderKind == FolderKind.Filed)
                {
                    // Its rule had stopped: whoever delivers mail has no such folders.
                    continue;
                }

                var isClaimed = decision.FolderKind != FolderKind.Filed || claims[mail.Key].Contains((mailbox, folder));
                seen.Add((mailbox.Value, isClaimed ? folder : folder + Plain, mail));
            }
        }

        return [.. seen];
    }

    private static MailboxFacts Mailbox(
        ModelMailbox mailbox, List<EmailRow> rows, List<(string Mailbox, string Folder, ModelMail Mail)> seen)
    {
        var address = SyncCluster.Address(mailbox.Server.Address);
        return new MailboxFacts(
            address,
            null,
            IsQueue: false,
            mailbox.AcceptsAll ? FilterMethod.All : FilterMethod.None,
            [
                .. Claims(rows).Where(claim => claim.Mailbox == address).Select(claim => new TrackingFolder(claim.Folder!, claim.Record))
                    .Concat(seen.Where(one => one.Mailbox == address.Value && one.Folder.EndsWith(Plain, StringComparison.Ordinal))
                        .Select(one => new TrackingFolder(one.Folder, null)))
                    .DistinctBy(folder => folder.Name),
            ]);
    }
}
