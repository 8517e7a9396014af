using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;
using static EmailTracking.Tests.Mailboxes.Servers.DovecotMailbox;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>What an email is about when several say so: a person before a believed token, and that before the folder where it lies.</summary>
[Trait(MailServer.Trait, MailServer.Any)]
public sealed class PrecedenceTests
{
    private const string OverruledFolder = "the tracked folder where it lies says so";

    [Fact]
    public async Task An_answer_with_a_believed_token_is_about_what_its_conversation_is_about_wherever_it_lies()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("AutoTrackSentFolderItems", "true");
        var ana = await cluster.CreateAsync();
        await ana.CreateFolderAsync("INBOX/Deals");
        var (meant, deal) = (await cluster.RecordAsync("incident"), await cluster.RecordAsync());
        await cluster.AddRuleAsync(ana, "Inbox/Deals", deal);
        await ana.DeliverAsync("Sent", From(ana.Address, "bo@fabrikam.com", "offer@x", "Offer CRM:0001001"));
        await cluster.ConnectAsync(ana);
        await cluster.SetRegardingAsync("offer@x", meant);
        await ana.DeliverAsync("INBOX/Deals", From("bo@fabrikam.com", ana.Address, "answer@x", "Re: Offer CRM:0001001"));
        await cluster.LookAsync(ana);
        var answer = (await cluster.TrackedAsync("answer@x")).Activity!;
        Assert.Equal((CorrelationMethod.TrackingToken, meant), (answer.State.Correlation.Method, answer.Regarding));
        Assert.Contains(await cluster.ExplainAsync("answer@x"), IsOverruledFolder);
        Assert.Equal(2, (await cluster.TrackedAsync()).Count);
    }

    [Fact]
    public async Task What_a_person_said_stays_when_the_mail_is_moved_to_a_folder_that_says_otherwise()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var ana = await cluster.CreateAsync();
        await ana.CreateFolderAsync("INBOX/Deals");
        var (meant, deal) = (await cluster.RecordAsync("incident"), await cluster.RecordAsync());
        await cluster.AddRuleAsync(ana, "Inbox/Deals", deal);
        var number = await ana.DeliverAsync("INBOX", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        await cluster.SetRegardingAsync("m@x", meant);
        await ana.MoveAsync("INBOX", number, "INBOX/Deals");
        await cluster.LookAsync(ana, ana);
        Assert.Equal(meant, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);
        Assert.Contains(await cluster.ExplainAsync("m@x"), IsOverruledFolder);
    }

    [Fact]
    public async Task With_folders_first_the_folder_wins_and_to_move_the_mail_is_offered_which_a_person_can_do()
    {
        await using var cluster = await SyncCluster.StartAsync();
        await cluster.SetAsync("TrackedFolderRegardingFirst", "true");
        var ana = await cluster.CreateAsync();
        var (meant, deal) = (await cluster.RecordAsync("incident"), await cluster.RecordAsync());
        await ana.CreateFolderAsync("INBOX/Deals");
        await ana.CreateFolderAsync("INBOX/Cases");
        await cluster.AddRuleAsync(ana, "Inbox/Deals", deal);
        await cluster.AddRuleAsync(ana, "Inbox/Cases", meant);
        var number = await ana.DeliverAsync("INBOX/Deals", Mail("m@x"));
        await cluster.ConnectAsync(ana);
        await cluster.SetRegardingAsync("m@x", meant);
        Assert.Equal(deal, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);
        var overruled = Assert.Single(await cluster.ExplainAsync("m@x"), sentence => sentence.StartsWith("Overruled:", StringComparison.Ordinal));
        Assert.EndsWith(
            $"move the mail to a tracked folder that is about {meant}: TrackedFolderRegardingFirst puts folders first.", overruled, StringComparison.Ordinal);

        await ana.MoveAsync("INBOX/Deals", number, "INBOX/Cases");
        await cluster.LookAsync(ana);
        Assert.Equal(meant, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);
    }

    [Fact]
    public async Task Of_two_people_who_file_one_mail_under_two_records_the_first_recipient_is_followed_and_the_other_is_told()
    {
        await using var cluster = await SyncCluster.StartAsync();
        var (ana, ben) = (await cluster.CreateAsync(FilterMethod.None), await cluster.CreateAsync(FilterMethod.None));
        var (deal, ticket) = (await cluster.RecordAsync(), await cluster.RecordAsync("incident"));
        await ana.CreateFolderAsync("INBOX/Deals");
        await ben.CreateFolderAsync("INBOX/Cases");
        await cluster.AddRuleAsync(ana, "Inbox/Deals", deal);
        await cluster.AddRuleAsync(ben, "Inbox/Cases", ticket);
        var mail = From("bo@fabrikam.com", $"{ben.Address}, {ana.Address}", "m@x", "For both");
        await ana.DeliverAsync("INBOX/Deals", mail);
        await cluster.ConnectAsync(ana);
        Assert.Equal(deal, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);

        await ben.DeliverAsync("INBOX/Cases", mail);
        await cluster.ConnectAsync(ben);
        var email = (await cluster.TrackedAsync("m@x")).Activity!;
        Assert.Equal((ticket, ben.Address), (email.Regarding, email.State.Accepting!.Mailbox.Value));
        var overruled = Assert.Single(await cluster.ExplainAsync("m@x"), IsOverruledFolder);
        Assert.EndsWith($"To choose it: emailtracking regarding {email.ActivityId} {deal}", overruled, StringComparison.Ordinal);
        await cluster.SetRegardingAsync("m@x", deal);
        Assert.Equal(deal, (await cluster.TrackedAsync("m@x")).Activity!.Regarding);
        Assert.Single(await cluster.TrackedAsync());
    }

    private static bool IsOverruledFolder(string sentence) =>
        sentence.StartsWith("Overruled:", StringComparison.Ordinal) && sentence.Contains(OverruledFolder, StringComparison.Ordinal);

    private static string From(string sender, string recipient, string id, string subject) => Mail(id, subject)
        .Replace("ana@fabrikam.com", sender, StringComparison.Ordinal)
        .Replace("bob@contoso.com", recipient, StringComparison.Ordinal);
}
