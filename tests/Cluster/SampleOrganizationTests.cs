using EmailTracking.Client.Importing;
using Spectre.Console;

namespace EmailTracking.Tests.Cluster;

/// <summary>What the first command of the README shows.</summary>
public sealed class SampleOrganizationTests : IAsyncLifetime
{
    private TrackingCluster _cluster = null!;
    private string _shown = "";

    public async Task InitializeAsync()
    {
        _cluster = await TrackingCluster.StartAsync(2);
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 1_000;
        await OrganizationFolder.ImportAsync(_cluster.Client, Path.Combine(AppContext.BaseDirectory, "contoso"), console);
        _shown = output.ToString();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public void The_sample_organization_is_tracked_as_the_README_says()
    {
        Assert.Contains("35 copies seen: 23 email activities in 10 conversations.", _shown, StringComparison.Ordinal);
        AssertShown("50-stranger-names-two-threads", "Tracked, held");
        AssertShown("41-newsletter", "Skipped");
        AssertShown("40-internal", "Skipped");
        AssertShown("20-invoice-second", "Tracked");
        AssertShown("07-offer-reply-without-headers", "Tracked");
        Assert.Contains("a tracking token in the subject stands for it", _shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sales_thread_is_one_conversation_about_the_opportunity()
    {
        var thread = (await _cluster.ExportAsync())
            .Where(email => email.Activity?.MessageId?.StartsWith("desks-", StringComparison.Ordinal) == true)
            .Select(email => email.Activity!)
            .ToArray();

        Assert.Equal(5, thread.Length);
        Assert.Single(thread.Select(email => email.State.ConversationId).Distinct());
        Assert.All(thread, email => Assert.Equal("opportunity", email.State.Regarding?.Record.LogicalName));
        Assert.True(thread.Single(email => email.MessageId == "desks-2@contoso.com").State.IsOutgoing);
    }

    [Fact]
    public async Task The_stranger_takes_no_regarding_and_joins_no_threads()
    {
        var stranger = (await _cluster.Queries.ExplainAsync("x-1@wingtip.example"))!.Email.Activity!;
        var sales = (await _cluster.Queries.ExplainAsync("desks-1@fabrikam.com"))!.Email.Activity!;
        var support = (await _cluster.Queries.ExplainAsync("chair-1@tailspintoys.com"))!.Email.Activity!;

        Assert.Null(stranger.State.Regarding);
        Assert.NotEqual(sales.State.ConversationId, support.State.ConversationId);
    }

    private void AssertShown(string mail, string outcome) => Assert.Contains(
        _shown.Split('\n'), line => line.Contains(mail, StringComparison.Ordinal) && line.Contains(outcome, StringComparison.Ordinal));
}
