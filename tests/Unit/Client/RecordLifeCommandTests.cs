using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Client;

public sealed class RecordLifeCommandTests
{
    private const string One = "contact/00000000-0000-0000-0000-000000000001";
    private const string Two = "contact/00000000-0000-0000-0000-000000000002";
    private const string Lead = "lead/00000000-0000-0000-0000-000000000003";

    private readonly FakeCluster _cluster = new() { Touched = new TouchedEmails(7, [Rows.Tracked(1, subject: "Desks")]) };

    [Theory]
    [InlineData($"records merge {One} {Two}", RecordActKind.Merge, Two)]
    [InlineData($"records convert {Lead} {Two}", RecordActKind.Convert, Two)]
    [InlineData($"records deactivate {One}", RecordActKind.Deactivate, null)]
    [InlineData($"records activate {One}", RecordActKind.Activate, null)]
    [InlineData($"records delete {One}", RecordActKind.Delete, null)]
    public async Task Each_act_is_asked_for_and_says_how_many_mails_are_linked_again(string line, RecordActKind kind, string? other)
    {
        var ran = await Shell.RunAsync(_cluster, line.Split(' '));

        Assert.Equal(0, ran.Code);
        Assert.Contains("Done. 7 emails are linked again in the background.", ran.Words, StringComparison.Ordinal);
        var act = Assert.Single(_cluster.RecordActs);
        Assert.Equal((kind, line.Split(' ')[2], other), (act.Kind, act.Record.ToString(), act.Other?.ToString()));
    }

    [Fact]
    public async Task An_act_that_touches_much_shows_what_and_wants_a_yes()
    {
        _cluster.Touched = new TouchedEmails(101, [Rows.Tracked(1, subject: "Desks")]);

        var asked = await Shell.RunAsync(_cluster, "records", "delete", One);
        Assert.NotEqual(0, asked.Code);
        Assert.Contains("101 emails are from it, to it or about it; the latest:", asked.Words, StringComparison.Ordinal);
        Assert.Contains("Desks", asked.Output, StringComparison.Ordinal);
        Assert.Contains("--yes", asked.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.RecordActs);

        Assert.Equal(0, (await Shell.RunAsync(_cluster, "records", "delete", One, "--yes")).Code);
        Assert.Single(_cluster.RecordActs);
    }

    [Fact]
    public async Task A_refusal_and_an_act_that_changes_nothing_say_so()
    {
        _cluster.RecordAnswer = new RecordAnswer(3, false, "It cannot be.");
        var refused = await Shell.RunAsync(_cluster, "records", "merge", One, Two);
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("It cannot be.", refused.Errors, StringComparison.Ordinal);

        _cluster.RecordAnswer = new RecordAnswer(3, false, null);
        Assert.Contains("stands so already", (await Shell.RunAsync(_cluster, "records", "deactivate", One)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_is_shown_with_what_it_became()
    {
        Assert.Contains("There is no record", (await Shell.RunAsync(_cluster, "records", "show", One)).Errors, StringComparison.Ordinal);
        Assert.True(RecordReference.TryParse(One, out var one));
        Assert.True(RecordReference.TryParse(Two, out var two));
        _cluster.Record = new RecordView(
            new CrmRecord(new RecordFacts(one, false, null, DateTimeOffset.UnixEpoch), "Bo", [Rows.Address("bo@fabrikam.example")]),
            new RecordLife(one, false, two, DateTimeOffset.UnixEpoch));

        var shown = (await Shell.RunAsync(_cluster, "records", "show", One)).Words;

        Assert.Contains("inactive", shown, StringComparison.Ordinal);
        Assert.Contains($"merged into {Two}", shown, StringComparison.Ordinal);
        Assert.Contains("bo@fabrikam.example", shown, StringComparison.Ordinal);
        Assert.Contains("deleted 1970-01-01", shown, StringComparison.Ordinal);
        Assert.Contains("7 emails are from it", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_about_a_record_is_listed_and_what_is_no_record_is_refused()
    {
        await Shell.RunAsync(_cluster, "list", "--regarding", One);
        Assert.Equal(One, _cluster.Asked?.Regarding?.ToString());
        Assert.Contains("is no record", (await Shell.RunAsync(_cluster, "records", "delete", "bo")).Errors, StringComparison.Ordinal);
    }
}
