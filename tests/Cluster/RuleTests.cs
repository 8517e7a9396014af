using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>Creation rules through two silos: from the rule to the case, and why.</summary>
public sealed class RuleTests
{
    private const string Support = "support@contoso.com";
    private const string Ana = "ana@contoso.com";
    private const string Bo = "bo@fabrikam.com";
    private const string Cases = "select count(*) from record where logical_name = 'incident'";

    private static readonly RecordReference Queue = new(Tables.Queue, Guid.NewGuid());
    private static readonly RecordReference User = new(Tables.SystemUser, Guid.NewGuid());
    private static readonly RecordReference Contact = new(Tables.Contact, Guid.NewGuid());

    [Fact]
    public async Task A_mail_to_a_queue_becomes_one_case_of_who_wrote_it_and_its_answer_none_and_explain_says_so()
    {
        await using var cluster = await StartAsync();
        var mail = Mail("one@fabrikam.com", Bo, $"{Support}, {Ana}", subject: "Pump");

        // The same mail in two mailboxes and in many folders, at once, through two silos.
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), async (i, _) =>
            await cluster.DeliverAsync(i % 2 == 0 ? Support : Ana, mail, $"Folder {i}"));
        await cluster.DrainAsync();
        Assert.Equal(1L, await cluster.CountAsync(Cases));
        Assert.Equal(1L, await cluster.CountAsync("select count(*) from created_record"));

        await cluster.DeliverAsync(Support, Mail("two@fabrikam.com", Bo, Support, answers: "one@fabrikam.com", subject: "Re: Pump", minute: 1));
        await cluster.DrainAsync();
        Assert.Equal(1L, await cluster.CountAsync(Cases));
        var rows = await cluster.ExportAsync();
        Assert.Equal(2, rows.Count);
        var record = Assert.Single(rows.Select(row => row.Activity!.State.Regarding!.Record).Distinct());
        Assert.Equal(Contact, (await cluster.Client.ReadRecordAsync(record))!.Record.Customer);

        await SaysAsync(cluster, "one@fabrikam.com", "Rule Support (version 1), item Pumps: it became incident Pump.");
        await SaysAsync(cluster, "one@fabrikam.com", "Item All of the rule matches as well (incident): skipped, the first that matches decides.");
        await SaysAsync(cluster, "one@fabrikam.com", $"Its customer is contact Bo Berg: {Bo}.");
        await SaysAsync(cluster, "one@fabrikam.com", "It is about incident Pump: a rule says so.");
        await SaysAsync(cluster, "two@fabrikam.com", "Rule Support (version 1) created nothing: the mail is about incident Pump, which is open.");
    }

    // Case G4.
    [Fact]
    public async Task A_mail_that_a_colleague_forwards_is_a_case_of_who_wrote_it()
    {
        await using var cluster = await StartAsync();
        var forward = Mail("fwd@contoso.com", Ana, Support, subject: "Fwd: Pump") +
            $"\r\n---------- Forwarded message ---------\r\nFrom: Bo Berg <{Bo}>\r\nDate: Mon, 2 Mar 2026\r\nSubject: Pump\r\nTo: <{Ana}>\r\n\r\nIt broke.\r\n";
        await cluster.DeliverAsync(Support, forward);
        await cluster.DrainAsync();
        var activity = Assert.Single(await cluster.ExportAsync()).Activity!;
        Assert.Equal(Contact, (await cluster.Client.ReadRecordAsync(activity.State.Regarding!.Record))!.Record.Customer);
        Assert.Equal(User, activity.State.SenderRecord);
        await SaysAsync(cluster, "fwd@contoso.com", $"Its customer is contact Bo Berg: {Bo}, who wrote what our user forwards.");
    }

    [Fact]
    public async Task Mails_at_once_become_a_case_each_and_a_removed_rule_makes_no_more()
    {
        await using var cluster = await StartAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            var mail = Mail($"m{i}@fabrikam.com", Bo, Support, subject: $"Order {i}");
            await cluster.DeliverAsync(Support, mail);
            await cluster.DeliverAsync(Support, mail, "Archive");
        });
        await cluster.DrainAsync();
        Assert.Equal(100L, await cluster.CountAsync(Cases));

        Assert.Null((await cluster.Client.RemoveRuleAsync(TrackingCluster.Address(Support), new Author("Ana"))).Problem);
        await cluster.DeliverAsync(Support, Mail("late@fabrikam.com", Bo, Support));
        await cluster.DrainAsync();
        Assert.Equal(100L, await cluster.CountAsync(Cases));
        await SaysAsync(cluster, "late@fabrikam.com", $"Queue {Support} had no rule when the mail arrived.");
    }

    private static async Task<TrackingCluster> StartAsync()
    {
        var cluster = await TrackingCluster.StartAsync(2);
        await cluster.CreateMailboxAsync(Ana);
        await cluster.Client.SaveRecordsAsync(
        [
            new CrmRecord(new RecordFacts(User, IsActive: true, null, DateTimeOffset.UnixEpoch), "Ana Silva", [TrackingCluster.Address(Ana)]),
            new CrmRecord(new RecordFacts(Queue, IsActive: true, User.Id, DateTimeOffset.UnixEpoch), "Support", [TrackingCluster.Address(Support)]),
            new CrmRecord(new RecordFacts(Contact, IsActive: true, null, DateTimeOffset.UnixEpoch), "Bo Berg", [TrackingCluster.Address(Bo)]),
        ]);
        var answer = await cluster.Client.SetRuleAsync(
            new CreationRule
            {
                Name = "Support",
                Queue = TrackingCluster.Address(Support),
                Items =
                [
                    new CreationItem("Pumps", [new CreationCondition(RuleFact.Subject, "pump")], Tables.Incident),
                    new CreationItem("All", [], Tables.Incident),
                ],
            },
            new Author("Ana"));
        Assert.Equal(new RuleAnswer(1, IsChanged: true, null), answer);
        return cluster;
    }

    private static async Task SaysAsync(TrackingCluster cluster, string id, string sentence) => Assert.Contains(
        (await cluster.Client.ExplainAsync(id))!.Sentences, one => one == sentence);
}
