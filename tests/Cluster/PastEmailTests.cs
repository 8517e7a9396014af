using EmailTracking.Client;
using EmailTracking.Client.Commands;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;
using Spectre.Console;
using static EmailTracking.Tests.Cluster.Mails;

namespace EmailTracking.Tests.Cluster;

/// <summary>Emails that a Dynamics 365 tracked, loaded into two silos: what answers them later finds them.</summary>
public sealed class PastEmailTests : IAsyncLifetime
{
    // 22 bytes: a thread of its own. An answer has 5 more.
    private const string Index = "AdF1AAAAAAAAAAAAAAAAAAAAAAAAAA==";
    private const string AnswerIndex = "AdF1AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB";

    private static readonly RecordReference[] Cases = [.. Enumerable.Range(1, 3).Select(i => new RecordReference("incident", new Guid(i, 0, 0, new byte[8])))];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("emailtracking-past-");
    private TrackingCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await TrackingCluster.StartAsync(2);

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Answers_by_id_by_index_and_by_token_land_in_the_old_conversation_with_its_regarding()
    {
        await LoadAsync();

        //                  what it carries                                                                       found by
        await AssertJoins("old1", Answer("new1", answers: "old1@contoso.com"),                                    CorrelationMethod.InReplyTo, Cases[0]);
        await AssertJoins("old2", Answer("new2").Replace("X-None: 1", $"Thread-Index: {AnswerIndex}", StringComparison.Ordinal), CorrelationMethod.ConversationIndex, Cases[1]);
        await AssertJoins("old3", Answer("new3", subject: "Re: Chairs CRM:0001001"),                              CorrelationMethod.TrackingToken, Cases[2]);
    }

    [Fact]
    public async Task A_real_copy_joins_the_activity_and_to_load_again_changes_nothing()
    {
        await LoadAsync();
        var old = await FindAsync("old1@contoso.com");
        var rows = await _cluster.ExportAsync();

        var copy = await _cluster.DeliverAsync("past@contoso.com", Mail("old1@contoso.com", "ana@contoso.com", "bo@fabrikam.com", subject: "Desks"));
        await LoadAsync();

        Assert.False(copy.IsFirst);
        Assert.Equal(old.Activity!.ActivityId, copy.ActivityId);
        var after = await _cluster.ExportAsync();
        Assert.Equal(rows.Select(row => (row.Key, row.Activity!.State.Regarding?.Record)), after.Select(row => (row.Key, row.Activity!.State.Regarding?.Record)));
        Assert.Equal(3, (await _cluster.Client.ReadHistoryAsync())!.Value.Length);
    }

    [Fact]
    public async Task What_people_say_here_outweighs_what_was_loaded_also_when_it_is_loaded_again()
    {
        await LoadAsync();
        await _cluster.Client.ActAsync(new Acts.ActCall
        {
            Id = Guid.NewGuid(), Kind = ActKind.Regarding, By = "Ana", Names = ["old1@contoso.com"], Record = Cases[2],
        });

        await LoadAsync();

        Assert.Equal(Cases[2], (await FindAsync("old1@contoso.com")).Activity!.State.Regarding?.Record);
    }

    private static string Answer(string id, string? answers = null, string subject = "Another matter") =>
        Mail($"{id}@fabrikam.com", "bo@fabrikam.com", "ana@contoso.com", answers, subject);

    private async Task AssertJoins(string old, string answer, CorrelationMethod method, RecordReference about)
    {
        var before = await FindAsync($"{old}@contoso.com");

        var delivered = await _cluster.DeliverAsync("ana@contoso.com", answer);

        Assert.Equal((Outcome.Tracked, before.Activity!.State.ConversationId), (delivered.Outcome, delivered.ConversationId));
        var state = (await FindAsync(delivered.ActivityId!.Value.ToString("D"))).Activity!.State;
        Assert.Equal((method, (RecordReference?)about), (state.Correlation.Method, state.Regarding?.Record));
    }

    private async Task<EmailRow> FindAsync(string name) => (await _cluster.Client.ExplainAsync(name))!.Email;

    private async Task LoadAsync()
    {
        await RunAsync("load",
        [
            """{"logicalname":"systemuser","name":"Ana","internalemailaddress":"ana@contoso.com"}""",
            """{"logicalname":"contact","name":"Bo","emailaddress1":"bo@fabrikam.com"}""",
            .. Cases.Select(one => $$"""{"logicalname":"incident","id":"{{one.Id}}","title":"Case"}"""),
        ]);
        await RunAsync(
            "emails",
            Past("old1", 0, "Desks", ""),
            Past("old2", 1, "Lamps", $"\"conversationindex\":\"{Convert.ToHexString(Convert.FromBase64String(Index))}\","),
            Past("old3", 2, "Chairs", "\"trackingtoken\":\"CRM:0001001\","));
    }

    private static string Past(string id, int about, string subject, string more) =>
        $$"""{"logicalname":"email","messageid":"<{{id}}@contoso.com>","subject":"{{subject}}","senton":"2026-03-01T08:00:00Z",{{more}}"sender":"ana@contoso.com","torecipients":"bo@fabrikam.com;","directioncode":true,"regardingobjectid":"{{Cases[about]}}"}""";

    private async Task RunAsync(string command, params string[] lines)
    {
        var file = Path.Combine(_folder.FullName, $"{command}.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        var said = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(said) });
        string[] mailbox = command == "emails" ? ["--mailbox", "past@contoso.com"] : [];

        var code = await CommandLine.RunAsync(
            ["records", command, file, .. mailbox], terminal, terminal, (_, _) => Task.FromResult(EmailTrackingClient.Over(_cluster.Silos.Client)));

        Assert.True(code == 0, said.ToString());
    }
}
