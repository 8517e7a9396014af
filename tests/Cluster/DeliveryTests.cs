using EmailTracking.Intake;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>The whole path, two silos over PostgreSQL: intake, mailbox, conversation, store, outbox, queries.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private TrackingCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await TrackingCluster.StartAsync(2);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_reply_is_linked_to_the_mail_that_it_answers()
    {
        await _cluster.CreateMailboxAsync("sales@contoso.com", queue: true);

        var first = await _cluster.DeliverAsync("sales@contoso.com", Mail("1@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com"));
        var reply = await _cluster.DeliverAsync(
            "sales@contoso.com", Mail("2@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com", "1@fabrikam.com", "Re: Order", 5));

        Assert.Equal((Outcome.Tracked, ReasonCode.AcceptAll, true), (first.Outcome, first.Reason, first.IsFirst));
        Assert.Equal(first.ConversationId, reply.ConversationId);
        var row = (await _cluster.Queries.ExplainAsync("<2@fabrikam.com>"))!;
        Assert.Equal(first.ActivityId, row.Email.Activity!.ParentActivityId);
        Assert.Equal(CorrelationMethod.InReplyTo, row.Email.Activity.State.Correlation.Method);
        Assert.Contains(row.Sentences, sentence => sentence.Contains("In-Reply-To names it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mail_that_is_seen_in_many_mailboxes_is_one_activity()
    {
        string[] mailboxes = ["ana@contoso.com", "ben@contoso.com", "cy@contoso.com", "info@contoso.com"];
        foreach (var mailbox in mailboxes)
        {
            await _cluster.CreateMailboxAsync(mailbox);
        }

        var answers = await Task.WhenAll(mailboxes.SelectMany(mailbox => Enumerable.Range(0, 5).Select(_ =>
            _cluster.DeliverAsync(mailbox, Mail("1@fabrikam.com", "bo@fabrikam.com", string.Join(',', mailboxes))))));

        Assert.Single(answers.Select(answer => answer.ActivityId).Distinct());
        Assert.Single(answers, answer => answer.IsFirst);
        Assert.Equal(4, Assert.Single(await _cluster.ExportAsync()).Mailboxes.Length);
    }

    [Fact]
    public async Task A_reply_that_is_read_before_its_parent_is_tracked_when_the_parent_is()
    {
        await _cluster.CreateMailboxAsync("ana@contoso.com", FilterMethod.Replies);
        await _cluster.CreateMailboxAsync("sales@contoso.com");

        var waiting = await _cluster.DeliverAsync(
            "ana@contoso.com", Mail("2@fabrikam.com", "bo@fabrikam.com", "ana@contoso.com", "1@fabrikam.com", "Re: Order", 5));
        var parent = await _cluster.DeliverAsync("sales@contoso.com", Mail("1@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com"));
        await _cluster.DrainAsync();

        Assert.Equal((Outcome.Waiting, ReasonCode.WaitsForParent), (waiting.Outcome, waiting.Reason));
        var reply = (await _cluster.Queries.ExplainAsync("2@fabrikam.com"))!.Email;
        Assert.Equal((Outcome.Tracked, ReasonCode.CorrelationMatch), (reply.Outcome, reply.Reason));
        Assert.Equal(parent.ActivityId, reply.Activity!.ParentActivityId);
    }

    [Fact]
    public async Task An_operation_id_names_one_message()
    {
        await _cluster.CreateMailboxAsync("sales@contoso.com");
        var mail = Mail("1@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com");

        var first = await _cluster.DeliverAsync("sales@contoso.com", mail, operation: "op-1");
        var again = await _cluster.DeliverAsync("sales@contoso.com", mail, operation: "op-1");
        var problem = await Assert.ThrowsAsync<DeliveryException>(() => _cluster.DeliverAsync(
            "sales@contoso.com", Mail("9@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com"), operation: "op-1"));

        Assert.Equal(first.ActivityId, again.ActivityId);
        Assert.Contains("op-1", problem.Message, StringComparison.Ordinal);
        Assert.Single(await _cluster.ExportAsync());
    }

    [Fact]
    public async Task What_is_no_mail_is_kept_with_its_reason()
    {
        await _cluster.CreateMailboxAsync("sales@contoso.com");

        var answer = await _cluster.DeliverAsync("sales@contoso.com", [0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]);

        Assert.Equal((Outcome.Failed, ReasonCode.NotMail), (answer.Outcome, answer.Reason));
        Assert.NotNull(answer.Problem);
        Assert.Equal("parse", Assert.Single(await _cluster.Queries.ReadDeadLettersAsync(10)).Step);
    }

    [Fact]
    public async Task An_unknown_mailbox_is_an_error_that_says_so()
    {
        var problem = await Assert.ThrowsAsync<DeliveryException>(() => _cluster.DeliverAsync(
            "nobody@contoso.com", Mail("1@fabrikam.com", "bo@fabrikam.com", "nobody@contoso.com")));

        Assert.Contains("nobody@contoso.com", problem.Message, StringComparison.Ordinal);
    }
}
