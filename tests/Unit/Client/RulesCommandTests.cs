using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Client;

public sealed class RulesCommandTests : IDisposable
{
    private const string Support = """
        {
          "name": "Support", "queue": "Support@contoso.com", "unknownSenders": "createContact", "resolved": "createNew", "waitHours": 24,
          "customer": "account", "autoSubmitted": true, "imported": true,
          "items": [
            {
              "name": "Outages",
              "when": [{"fact": "subject", "is": "outage"}, {"fact": "sender", "isNot": "*.Tailspin.com"}, {"fact": "header", "is": "Sensitivity: Private"}],
              "creates": "incident"
            },
            {"name": "All else", "creates": "incident"}
          ]
        }
        """;

    private readonly FakeCluster _cluster = new();
    private readonly Folder _folder = new();

    public RulesCommandTests()
    {
        foreach (var (name, isQueue) in new[] { ("support@contoso.com", true), ("ana@contoso.com", false) })
        {
            Assert.True(EmailAddress.TryParse(name, out var address));
            _cluster.Mailboxes[address] = new MailboxFacts(address, null, isQueue, FilterMethod.All, []);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_rule_is_set_listed_shown_removed_and_in_the_history()
    {
        var set = await SetAsync(Support, "--by", "Ana", "--why", "support begins");
        Assert.Contains("Mail that is first seen in support@contoso.com from now on goes by rule Support, version 1.", set.Words, StringComparison.Ordinal);
        var rule = Assert.Single(_cluster.Rules).Rule!;
        Assert.Equal(
            (UnknownSenders.CreateContact, ResolvedRecords.CreateNew, TimeSpan.FromHours(24), RuleCustomer.Account, true, true),
            (rule.UnknownSenders, rule.Resolved, rule.WaitAfterResolved, rule.Customer, rule.TakesAutoSubmitted, rule.TakesImported));
        Assert.Equal(
            [new(RuleFact.Subject, "outage"), new(RuleFact.Sender, "tailspin.com", Not: true), new(RuleFact.Header, "sensitivity: private")],
            rule.Items[0].When.AsEnumerable());

        Assert.Contains("support@contoso.com Support 1 2 incident", (await RunAsync("list")).Words, StringComparison.Ordinal);
        var shown = await RunAsync("show support@contoso.com");
        Assert.Contains("Nothing was changed", (await SetAsync(shown.Output)).Words, StringComparison.Ordinal);

        await RunAsync("remove support@contoso.com --by Ben");
        Assert.Contains("No queue has a rule", (await RunAsync("list")).Words, StringComparison.Ordinal);
        var history = (await RunAsync("history support@contoso.com")).Words;
        Assert.Contains("Ben removed", history, StringComparison.Ordinal);
        Assert.Contains("Ana Support: Outages -> incident, All else -> incident support begins", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_is_taken_from_what_is_piped_in()
    {
        var before = Console.In;
        try
        {
            Console.SetIn(new StringReader(Support));
            Assert.Equal(0, (await RunAsync("set -")).Code);
        }
        finally
        {
            Console.SetIn(before);
        }

        Assert.Equal("Support", Assert.Single(_cluster.Rules).Rule!.Name);
    }

    [Theory]
    [InlineData("[]",                                                                                                        "line 1: not as it should be. Write one object:")]
    [InlineData("""{"name": "A", "queue": "support@contoso.com", "item": []}""",                                            "line 1 ($.item): not as it should be")]
    [InlineData("""{"name": "A", "queue": "support", "items": []}""",                                                      "\"queue\" is the address of a queue's mailbox")]
    [InlineData("""{"name": "A", "queue": "nobody@contoso.com", "items": [{"name": "a", "creates": "incident"}]}""",       "There is no mailbox nobody@contoso.com. Load its queue first")]
    [InlineData("""{"name": "A", "queue": "ana@contoso.com", "items": [{"name": "a", "creates": "incident"}]}""",          "ana@contoso.com is no queue's mailbox")]
    [InlineData("""{"queue": "support@contoso.com", "items": [{"name": "a", "creates": "incident"}]}""",                    "Give the rule a name")]
    [InlineData("""{"name": "A", "queue": "support@contoso.com", "items": []}""",                                           "A rule has 1 to 50 items")]
    [InlineData("""{"name": "A", "queue": "support@contoso.com", "items": [{"name": "a", "creates": "case"}]}""",           "Item 'a': there is no table case. Describe it first")]
    [InlineData("""{"name": "A", "queue": "support@contoso.com", "items": [{"name": "a", "creates": "contact"}]}""",        "Item 'a': a rule creates no contact")]
    [InlineData("""{"name": "A", "queue": "support@contoso.com", "items": [{"name": "a", "creates": "incident"}, {"name": "a", "creates": "incident"}]}""", "Two items are called 'a'")]
    [InlineData("""{"name": "A", "queue": "support@contoso.com", "waitHours": 5, "items": [{"name": "a", "creates": "incident"}]}""", "it needs \"resolved\": \"createNew\"")]
    [InlineData("""{"name": "A", "queue": "support@contoso.com", "resolved": "later", "items": []}""",                      "line 1 ($.resolved): not as it should be")]
    [InlineData("""{"name": "A", "queue": "support@contoso.com", "items": [{"name": "a", "creates": "incident", "when": [{"fact": "subject"}]}]}""", "item 'a': a condition has a \"fact\", and \"is\" or \"isNot\"")]
    [InlineData("""{"name": "A", "queue": "support@contoso.com", "items": [{"name": "a", "creates": "incident", "when": [{"fact": "importance", "is": "urgent"}]}]}""", "'urgent' is no value for \"Importance\": give low, normal, high.")]
    [InlineData("""{"name": "A", "queue": "support@contoso.com", "items": [{"name": "a", "creates": "incident", "when": [{"fact": "sender", "is": "bank"}]}]}""", "give an address, or a domain with all below it")]
    public async Task A_rule_that_makes_no_sense_is_refused_with_what_to_do(string text, string problem)
    {
        var ran = await SetAsync(text);
        Assert.Equal(1, ran.Code);
        Assert.Contains(problem, string.Join(' ', ran.Errors.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(_cluster.Rules);
    }

    [Theory]
    [InlineData("show support@contoso.com", "support@contoso.com has no rule.")]
    [InlineData("remove support@contoso.com", "support@contoso.com has no rule.")]
    [InlineData("history support@contoso.com", "support@contoso.com never had a rule.")]
    [InlineData("set nowhere.json", "There is no file nowhere.json")]
    public async Task What_is_not_there_is_said(string line, string problem)
    {
        var ran = await RunAsync(line);
        Assert.Equal(1, ran.Code);
        Assert.Contains(problem, ran.Errors, StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(string line) => Shell.RunAsync(_cluster, ["rules", .. line.Split(' ')]);

    private Task<Ran> SetAsync(string text, params string[] more) =>
        Shell.RunAsync(_cluster, ["rules", "set", _folder.Write("rule.json", text), .. more]);
}
