using EmailTracking.Acts;
using EmailTracking.Tracking.Deciding;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>What people do by hand, through the cluster.</summary>
public sealed class ActTests
{
    private static ActCall Call(ActKind kind, params string[] names) => new()
    {
        Id = Guid.NewGuid(), Kind = kind, By = "Ana", Names = [.. names],
    };

    [Fact]
    public async Task Acts_are_done_undone_told_and_refused_with_words()
    {
        await using var cluster = await TrackingCluster.StartAsync(2);
        await cluster.CreateMailboxAsync("sales@contoso.com");
        await cluster.DeliverAsync("sales@contoso.com", Mail("one@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com"));
        await cluster.DeliverAsync("sales@contoso.com", Mail("two@tailspin.com", "cy@tailspin.com", "sales@contoso.com", null, "Other"));
        var first = (await cluster.Client.ExplainAsync("one@fabrikam.com"))!.Email.Activity!.State.ConversationId;
        var second = (await cluster.Client.ExplainAsync("two@tailspin.com"))!.Email.Activity!.State.ConversationId;

        var merge = Call(ActKind.Merge, first.ToString(), "two@tailspin.com");
        var merged = await cluster.Client.ActAsync(merge);
        Assert.Null(merged.Problem);
        Assert.Equal(merge.Id, (await cluster.Client.ActAsync(merge)).Id);
        var (winner, loser) = first.CompareTo(second) < 0 ? (first, second) : (second, first);
        Assert.Equal(2, (await cluster.Client.ReadConversationAsync(loser)).Length);
        Assert.Contains($"was merged into {winner}", (await cluster.Client.ActAsync(Call(ActKind.Stop, loser.ToString()))).Problem, StringComparison.Ordinal);

        Assert.Null((await cluster.Client.ActAsync(Call(ActKind.Undo, merge.Id.ToString()))).Problem);
        Assert.Single(await cluster.Client.ReadConversationAsync(loser));
        Assert.Contains("undone it already", (await cluster.Client.ActAsync(Call(ActKind.Undo, merge.Id.ToString()))).Problem, StringComparison.Ordinal);
        Assert.Contains("was ever seen", (await cluster.Client.ActAsync(Call(ActKind.Track, "nobody@x.com"))).Problem, StringComparison.Ordinal);
        Assert.Contains("There is no record", (await cluster.Client.ActAsync(
            Call(ActKind.Regarding, "one@fabrikam.com") with { Record = new RecordReference("contact", Guid.NewGuid()) })).Problem, StringComparison.Ordinal);
        Assert.Contains("future", (await cluster.Client.ActAsync(
            Call(ActKind.Stop, "one@fabrikam.com") with { On = DateTimeOffset.UtcNow.AddDays(1) })).Problem, StringComparison.Ordinal);

        var history = (await cluster.Client.ReadHistoryAsync("one@fabrikam.com"))!.Value;
        Assert.Equal([ActKind.Merge, ActKind.Undo], history.Select(past => past.Act.Kind));
        Assert.Equal("Ana", history[0].UndoneBy);
    }

    [Fact]
    public async Task A_track_that_is_taken_back_leaves_the_mail_as_its_filter_had_it()
    {
        await using var cluster = await TrackingCluster.StartAsync(1);
        await cluster.CreateMailboxAsync("ben@contoso.com", FilterMethod.None);
        await cluster.CreateMailboxAsync("sales@contoso.com");
        await cluster.DeliverAsync("ben@contoso.com", Mail("one@fabrikam.com", "bo@fabrikam.com", "ben@contoso.com"));
        await cluster.DeliverAsync("sales@contoso.com", Mail("two@tailspin.com", "cy@tailspin.com", "sales@contoso.com", null, "Other"));
        var track = Call(ActKind.Track, "one@fabrikam.com", "two@tailspin.com");
        Assert.Null((await cluster.Client.ActAsync(track)).Problem);
        await cluster.DrainAsync();
        Assert.Equal(Outcome.Tracked, (await cluster.Client.ExplainAsync("one@fabrikam.com"))!.Email.Outcome);

        Assert.Null((await cluster.Client.ActAsync(Call(ActKind.Undo, track.Id.ToString()) with { By = "Ben" })).Problem);
        await cluster.DrainAsync();
        var one = (await cluster.Client.ExplainAsync("one@fabrikam.com"))!.Email;
        Assert.Equal((Outcome.Skipped, ReasonCode.UntrackedByHand), (one.Outcome, one.Reason));
        var two = (await cluster.Client.ExplainAsync("two@tailspin.com"))!.Email;
        Assert.Equal((Outcome.Tracked, null), (two.Outcome, two.Activity!.State.LeftOut));
        Assert.Equal("Ben", (await cluster.Client.ReadHistoryAsync("one@fabrikam.com"))!.Value[0].UndoneBy);
        Assert.Null((await cluster.Client.ActAsync(Call(ActKind.Track, "one@fabrikam.com"))).Problem);
        await cluster.DrainAsync();
        Assert.Equal(ReasonCode.TrackedByHand, (await cluster.Client.ExplainAsync("one@fabrikam.com"))!.Email.Reason);
    }

    [Fact]
    public async Task A_mail_that_no_mailbox_wanted_is_tracked_by_hand_from_its_raw_mail()
    {
        await using var cluster = await TrackingCluster.StartAsync(2);
        await cluster.CreateMailboxAsync("ben@contoso.com", FilterMethod.None);
        await cluster.DeliverAsync("ben@contoso.com", Mail("one@fabrikam.com", "bo@fabrikam.com", "ben@contoso.com"));

        var answer = await cluster.Client.ActAsync(Call(ActKind.Track, "one@fabrikam.com"));
        await cluster.DrainAsync();

        Assert.Equal(1, answer.Again);
        var explanation = (await cluster.Client.ExplainAsync("one@fabrikam.com"))!;
        Assert.Equal((Outcome.Tracked, ReasonCode.TrackedByHand), (explanation.Email.Outcome, explanation.Email.Reason));
        Assert.Contains(explanation.Sentences, sentence => sentence.StartsWith("Ana tracked it by hand", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_people_who_act_at_once_on_two_silos_are_both_heard_or_refused()
    {
        await using var cluster = await TrackingCluster.StartAsync(2);
        await cluster.CreateMailboxAsync("sales@contoso.com");
        for (var i = 0; i < 10; i++)
        {
            await cluster.DeliverAsync("sales@contoso.com", Mail($"a{i}@fabrikam.com", "bo@fabrikam.com", "sales@contoso.com", null, $"A {i}"));
            await cluster.DeliverAsync("sales@contoso.com", Mail($"b{i}@tailspin.com", "cy@tailspin.com", "sales@contoso.com", null, $"B {i}"));
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(i => (Task<ActAnswer>[])
        [
            cluster.Client.ActAsync(Call(ActKind.Merge, $"a{i}@fabrikam.com", $"b{i}@tailspin.com")),
            cluster.Client.ActAsync(Call(ActKind.Merge, $"b{i}@tailspin.com", $"a{i}@fabrikam.com")),
        ]));

        // One of each two merges; the other finds them merged.
        Assert.Equal(10, answers.Count(answer => answer.Problem is null));
        Assert.All(answers.Where(answer => answer.Problem is not null), answer => Assert.Contains("one conversation already", answer.Problem, StringComparison.Ordinal));
        Assert.Equal(10, (await cluster.ExportAsync()).Select(row => row.Activity!.State.ConversationId).Distinct().Count());
    }
}
