using EmailTracking.Acts;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Client;

public sealed class ActCommandTests
{
    private readonly FakeCluster _cluster = new();

    [Theory]
    [InlineData("track one@b.c two@b.c", ActKind.Track, 2)]
    [InlineData("untrack one@b.c", ActKind.Untrack, 1)]
    [InlineData("stop one@b.c", ActKind.Stop, 1)]
    [InlineData("resume one@b.c", ActKind.Resume, 1)]
    [InlineData("admit one@b.c", ActKind.Admit, 1)]
    [InlineData("merge one@b.c two@b.c", ActKind.Merge, 2)]
    [InlineData("split one@b.c two@b.c --only-these", ActKind.Split, 2)]
    [InlineData("undo 3f2504e0-4f89-11d3-9a0c-0305e82c3301", ActKind.Undo, 1)]
    public async Task A_command_is_the_act_of_its_name(string line, ActKind kind, int names)
    {
        var ran = await Shell.RunAsync(_cluster, [.. line.Split(' '), "--by", "Ana", "--at", "2026-01-31T08:00Z"]);

        Assert.Equal(0, ran.Code);
        var call = Assert.Single(_cluster.Acts);
        Assert.Equal((kind, "Ana", names), (call.Kind, call.By, call.Names.Length));
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 8, 0, 0, TimeSpan.Zero), call.On);
        Assert.Equal(kind == ActKind.Split, call.ForTheseOnly);
        Assert.Contains("emailtracking undo", ran.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("regarding one@b.c incident/3f2504e0-4f89-11d3-9a0c-0305e82c3301 --only-this")]
    [InlineData("track one@b.c --regarding incident/3f2504e0-4f89-11d3-9a0c-0305e82c3301")]
    public async Task A_record_goes_with_the_act(string line)
    {
        Assert.Equal(0, (await Shell.RunAsync(_cluster, line.Split(' '))).Code);
        Assert.Equal("incident", Assert.Single(_cluster.Acts).Record?.LogicalName);
        Assert.Equal(line.Contains("only", StringComparison.Ordinal), _cluster.Acts[0].ForTheseOnly);
    }

    [Fact]
    public async Task A_refusal_is_told_in_its_words_and_by_the_exit_code()
    {
        _cluster.ActAnswer = ActAnswer.Refused("The email is not held.");
        var ran = await Shell.RunAsync(_cluster, "admit", "one@b.c");
        Assert.Equal((1, "The email is not held."), (ran.Code, ran.Errors.Trim()));
    }

    [Fact]
    public async Task What_is_not_kept_is_said_to_take_effect_later()
    {
        _cluster.ActAnswer = _cluster.ActAnswer with { Pending = 1 };
        Assert.Contains("takes effect when", (await Shell.RunAsync(_cluster, "track", "one@b.c")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_is_not_here_is_named_with_its_mailbox_and_brought_as_a_file()
    {
        using var folder = new Folder();
        _cluster.ActAnswer = _cluster.ActAnswer with { Changed = 0, Pending = 1 };
        var ran = await Shell.RunAsync(
            _cluster, "track", "<one@b.c>", "--mailbox", "ana@contoso.com", "--file", folder.Write("one.eml", "Message-ID: <one@b.c>\r\n\r\n"));
        Assert.Equal("ana@contoso.com", Assert.Single(_cluster.Acts).Mailbox?.Value);
        Assert.Equal("ana@contoso.com", Assert.Single(_cluster.Delivered).Delivery.Mailbox);
        Assert.Contains("Pending: 1", ran.Output, StringComparison.Ordinal);
        Assert.Contains("--mailbox", (await Shell.RunAsync(_cluster, "track", "one@b.c", "--file", folder.Path)).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_pending_is_listed_with_who_and_when_and_what_to_do()
    {
        Assert.Contains("Nothing is pending", (await Shell.RunAsync(_cluster, "pending")).Output, StringComparison.Ordinal);
        Assert.True(EmailAddress.TryParse("ana@contoso.com", out var ana) & MessageId.TryParse("<one@b.c>", out var id));
        _cluster.Pending.Tracks =
        [
            new PendingTrack
            {
                Act = Guid.NewGuid(),
                Mailbox = ana,
                MessageId = id,
                By = "Ana",
                On = DateTimeOffset.UnixEpoch,
                CreatedOn = DateTimeOffset.UnixEpoch,
                TryOn = DateTimeOffset.UnixEpoch,
                Problem = "No folder has it.",
                NextStep = "Bring it.",
            },
        ];
        var words = (await Shell.RunAsync(_cluster, "pending")).Words;
        Assert.All(["Ana", "<one@b.c>", "No folder has it.", "Bring it."], part => Assert.Contains(part, words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task History_says_who_did_what_and_who_took_it_back()
    {
        var act = new Act { Id = Guid.NewGuid(), Kind = ActKind.Untrack, By = "Ana", On = DateTimeOffset.UnixEpoch, Sides = [[default(MessageKey)]] };
        _cluster.History = [new PastAct(act, "Ben", DateTimeOffset.UnixEpoch)];
        var ran = await Shell.RunAsync(_cluster, "history");
        Assert.Contains("untrack", ran.Output, StringComparison.Ordinal);
        Assert.Contains("undone by Ben", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_of_what_nobody_saw_says_so()
    {
        _cluster.History = null;
        Assert.Equal(1, (await Shell.RunAsync(_cluster, "history", "nobody@b.c")).Code);
    }

    [Theory]
    [InlineData(0, "There is nothing to review.")]
    [InlineData(23, "23")]
    public async Task Review_lists_ids_that_many_domains_name(int domains, string said)
    {
        _cluster.Crowded = domains == 0 ? [] : [new CrowdedId(default, domains, 40, default)];
        Assert.Contains(said, (await Shell.RunAsync(_cluster, "review")).Output, StringComparison.Ordinal);
    }
}
