using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>Unknown senders that become contacts, and queues that get items, through two silos.</summary>
public sealed class NewRecordTests
{
    private const int Mails = 500;

    [Fact]
    public async Task Five_hundred_mails_of_one_unknown_sender_at_once_make_one_contact()
    {
        await using var cluster = await TrackingCluster.StartAsync(2);
        string[] mailboxes = [.. Enumerable.Range(0, 10).Select(i => $"m{i}@contoso.com")];
        foreach (var mailbox in mailboxes)
        {
            await cluster.CreateMailboxAsync(mailbox);
            var set = await cluster.Client.SetMailboxOptionAsync(
                TrackingCluster.Address(mailbox), "AutoCreateContactOnPromote", "contact", new Author("Ana"));
            Assert.Null(set.Problem);
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, Mails), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
            await cluster.DeliverAsync(mailboxes[i % 10], Mail($"m{i}@shop.example", "new@shop.example", mailboxes[i % 10], subject: $"Order {i}")));
        await cluster.DrainAsync();

        Assert.Equal(1L, await cluster.CountAsync("select count(*) from record"));
        Assert.Equal(1L, await cluster.CountAsync("select count(*) from record_address"));
        var rows = await cluster.ExportAsync();
        Assert.Equal(Mails, rows.Count);
        Assert.Single(rows.Select(row => row.Activity!.State.SenderRecord).Distinct());
        Assert.Equal(Tables.Contact, rows[0].Activity!.State.SenderRecord!.Value.LogicalName);
    }

    [Fact]
    public async Task A_mail_to_a_queue_has_an_owner_and_one_item_and_explain_says_so()
    {
        await using var cluster = await TrackingCluster.StartAsync(2);
        RecordReference queue = new("queue", Guid.NewGuid()), user = new("systemuser", Guid.NewGuid());
        var help = TrackingCluster.Address("help@contoso.com");
        await cluster.Client.SaveRecordsAsync(
        [
            new CrmRecord(new RecordFacts(user, IsActive: true, null, DateTimeOffset.UnixEpoch), "Ana Silva", [TrackingCluster.Address("ana@contoso.com")]),
            new CrmRecord(new RecordFacts(queue, IsActive: true, user.Id, DateTimeOffset.UnixEpoch), "Help desk", [help]),
        ]);
        var mail = Mail("one@fabrikam.com", "bo@fabrikam.com", "help@contoso.com");
        await Task.WhenAll(cluster.DeliverAsync("help@contoso.com", mail), cluster.DeliverAsync("help@contoso.com", mail, "Archive"));
        await cluster.DrainAsync();

        Assert.Equal("one@fabrikam.com", Assert.Single(await cluster.Client.ReadQueueAsync(queue.Id)).Email.Activity!.MessageId);
        var explanation = (await cluster.Client.ExplainAsync("one@fabrikam.com"))!;
        Assert.Contains(explanation.Sentences, sentence => sentence.Contains("Its owner is Ana Silva: the first recipient who may own mail.", StringComparison.Ordinal));
        Assert.Contains(explanation.Sentences, sentence => sentence == "It is in queue Help desk.");
    }
}
