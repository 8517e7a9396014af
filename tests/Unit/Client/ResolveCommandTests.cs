using EmailTracking.Acts;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Client;

public sealed class ResolveCommandTests
{
    private const string One = "contact/00000000-0000-0000-0000-000000000001";

    private readonly FakeCluster _cluster = new() { Touched = new TouchedEmails(7, []) };

    [Fact]
    public async Task One_mail_is_an_act_that_can_be_taken_back()
    {
        var ran = await Shell.RunAsync(_cluster, "resolve", "bo@fabrikam.com", One, "--mail", "<m@b.c>", "--by", "Ana");

        Assert.Equal(0, ran.Code);
        var call = Assert.Single(_cluster.Acts);
        Assert.Equal((ActKind.Resolve, "Ana", "<m@b.c>"), (call.Kind, call.By, Assert.Single(call.Names)));
        Assert.Equal(("bo@fabrikam.com", One), (call.Address?.Value, call.Record?.ToString()));
        Assert.Contains("emailtracking undo", ran.Words, StringComparison.Ordinal);
        Assert.Empty(_cluster.Choices);
    }

    [Fact]
    public async Task All_similar_is_a_choice_and_says_first_how_many_mails_it_touches()
    {
        var ran = await Shell.RunAsync(
            _cluster, "resolve", "bo@fabrikam.com", One, "--apply-to-similar", "--by", "Ana", "--why", "He told us");

        Assert.Equal(0, ran.Code);
        Assert.Contains("7 emails are from bo@fabrikam.com or to it.", ran.Words, StringComparison.Ordinal);
        var choice = Assert.Single(_cluster.Choices);
        Assert.Equal(
            ("bo@fabrikam.com", One, "Ana", "He told us"), (choice.Address.Value, choice.Record?.ToString(), choice.By, choice.Why));
        Assert.Contains("emailtracking resolve bo@fabrikam.com --clear", ran.Words, StringComparison.Ordinal);

        Assert.Equal(0, (await Shell.RunAsync(_cluster, "resolve", "bo@fabrikam.com", "--clear")).Code);
        Assert.Null(_cluster.Choices[^1].Record);
        Assert.Empty(_cluster.Acts);
    }

    [Fact]
    public async Task More_than_a_hundred_mails_want_a_yes_and_a_refusal_is_told()
    {
        _cluster.Touched = new TouchedEmails(101, []);
        var asked = await Shell.RunAsync(_cluster, "resolve", "bo@fabrikam.com", One, "--apply-to-similar");
        Assert.NotEqual(0, asked.Code);
        Assert.Contains("--yes", asked.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Choices);

        Assert.Equal(0, (await Shell.RunAsync(_cluster, "resolve", "bo@fabrikam.com", One, "--apply-to-similar", "--yes")).Code);
        _cluster.RecordAnswer = new RecordAnswer(3, false, "It is deleted.");
        Assert.Contains(
            "It is deleted.",
            (await Shell.RunAsync(_cluster, "resolve", "bo@fabrikam.com", One, "--apply-to-similar", "--yes")).Errors,
            StringComparison.Ordinal);
        _cluster.RecordAnswer = new RecordAnswer(3, false, null);
        Assert.Contains(
            "stands so already", (await Shell.RunAsync(_cluster, "resolve", "bo@fabrikam.com", "--clear", "--yes")).Words, StringComparison.Ordinal);
        _cluster.ActAnswer = ActAnswer.Refused("The email has no party bo@fabrikam.com.");
        Assert.Contains(
            "has no party", (await Shell.RunAsync(_cluster, "resolve", "bo@fabrikam.com", One, "--mail", "m@b.c")).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"resolve bo@fabrikam.com {One}", "one of the three")]
    [InlineData($"resolve bo@fabrikam.com {One} --mail m@b.c --apply-to-similar", "one of the three")]
    [InlineData($"resolve bo@fabrikam.com {One} --clear", "name no record")]
    [InlineData("resolve bo@fabrikam.com --mail m@b.c", "which record")]
    [InlineData("resolve bo@fabrikam.com --apply-to-similar", "which record")]
    [InlineData("resolve bo --clear", "no address")]
    public async Task What_is_not_said_clearly_is_refused(string line, string words)
    {
        var ran = await Shell.RunAsync(_cluster, line.Split(' '));
        Assert.NotEqual(0, ran.Code);
        Assert.Contains(words, ran.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Choices);
        Assert.Empty(_cluster.Acts);
    }

    [Fact]
    public async Task A_record_is_shown_with_who_chose_it_for_what()
    {
        Assert.True(RecordReference.TryParse(One, out var one));
        var bo = Rows.Address("bo@fabrikam.example");
        _cluster.Record = new RecordView(
            new CrmRecord(new RecordFacts(one, true, null, DateTimeOffset.UnixEpoch), "Bo", []), new RecordLife(one, true, null, null))
        {
            Choices =
            [
                new AddressChoice(bo, one, "Ben", DateTimeOffset.UnixEpoch, null, IsCleared: true),
                new AddressChoice(bo, one, "Ana", DateTimeOffset.UnixEpoch, "He told us", IsCleared: false),
            ],
        };

        var shown = (await Shell.RunAsync(_cluster, "records", "show", One)).Words;

        Assert.Contains("no longer chosen for bo@fabrikam.example by Ben", shown, StringComparison.Ordinal);
        Assert.Contains("chosen for bo@fabrikam.example by Ana, 1970-01-01", shown, StringComparison.Ordinal);
        Assert.Contains("He told us", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_says_which_address_was_resolved_as_what()
    {
        Assert.True(RecordReference.TryParse(One, out var one));
        _cluster.History =
        [
            new PastAct(
                new Act
                {
                    Id = Guid.NewGuid(),
                    Kind = ActKind.Resolve,
                    By = "Ana",
                    On = DateTimeOffset.UnixEpoch,
                    Sides = [[default]],
                    Record = one,
                    Address = Rows.Address("bo@fabrikam.example"),
                },
                null,
                null),
        ];
        Assert.Contains(
            $"resolve bo@fabrikam.example as {One}", (await Shell.RunAsync(_cluster, "history")).Words, StringComparison.Ordinal);
    }
}
