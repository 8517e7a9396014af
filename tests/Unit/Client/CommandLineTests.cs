using EmailTracking.Client;
using EmailTracking.Intake;
using EmailTracking.Queries;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Client;

public sealed class CommandLineTests
{
    private readonly FakeCluster _cluster = new();

    [Theory]
    [InlineData("",                                                "--help")]
    [InlineData("imprt",                                           "imprt")]
    [InlineData("import",                                          "--mailbox")]
    [InlineData("import / --mailbox nobody",                       "'nobody' is no address")]
    [InlineData("import no.mbox --mailbox a@b.c",                  "There is no file or folder no.mbox")]
    [InlineData("import / --mailbox a@b.c --filter 5",             "--filter takes a number from 0 to 4, not '5'")]
    [InlineData("import / --mailbox a@b.c --in-flight 0",          "--in-flight takes a number")]
    [InlineData("list --outcome lost",                             "lost")]
    [InlineData("list --from tomorrow",                            "'tomorrow' is no date")]
    [InlineData("list --top 1001",                                 "--top takes a number from 1 to 1000")]
    [InlineData("explain",                                         "emailtracking explain --help")]
    [InlineData("preview no.mbox",                                 "There is no file or folder no.mbox")]
    [InlineData("preview / --mailbox nobody",                      "'nobody' is no address")]
    [InlineData("preview / --top 0",                               "--top takes a number from 1 to 1000")]
    [InlineData("export --format xml",                             "xml")]
    [InlineData("records load contacts.xls",                       "neither .csv nor .jsonl")]
    [InlineData("records load nothing.csv",                        "nothing.csv")]
    [InlineData("mailbox set a@b.c",                               "Say what to set")]
    [InlineData("profile set a --port 0",                          "--port takes a number from 1 to 65535")]
    [InlineData("profile set a --security ssl",                    "ssl")]
    [InlineData("profile set a --poll-min soon",                   "'soon' is no length of time")]
    [InlineData("profile set a --poll-min 999999999d",             "'999999999d' is no length of time")]
    [InlineData("profile set a --since 31.1.2026",                 "'31.1.2026' is no day")]
    [InlineData("mailbox connect a@b.c --since soon",              "'soon' is no day")]
    [InlineData("mailbox test nobody",                             "'nobody' is no address")]
    [InlineData("folder-rule set a@b.c Inbox/A --regarding b",     "'b' is no record. Give TABLE/ID")]
    [InlineData("folder-rule set a@b.c A --no-regarding --regarding contact/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "not both")]
    [InlineData("backfill a@b.c",                                  "--since")]
    [InlineData("audit a@b.c --since x",                           "'x' is no day")]
    [InlineData("alerts --count 0",                                "--count takes a number from 1 to 1000")]
    [InlineData("deliver",                                         "--mailbox")]
    [InlineData("merge one@b.c",                                   "merge")]
    [InlineData("regarding one@b.c contact",                       "'contact' is no record. Give TABLE/ID")]
    [InlineData("stop one@b.c --at yesterday",                     "'yesterday' is no date")]
    public async Task A_wrong_command_says_what_is_wrong_and_does_nothing(string line, string problem)
    {
        var ran = await Shell.RunAsync(_cluster, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(1, ran.Code);
        Assert.Contains(problem, ran.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Mailboxes);
    }

    [Theory]
    [InlineData("import")]
    [InlineData("preview")]
    [InlineData("list")]
    [InlineData("explain")]
    [InlineData("conversation")]
    [InlineData("records load")]
    [InlineData("records emails")]
    [InlineData("tables set")]
    [InlineData("tables load")]
    [InlineData("mailbox set")]
    [InlineData("export")]
    [InlineData("dead-letters")]
    [InlineData("dead-letters show")]
    [InlineData("dead-letters retry")]
    [InlineData("dead-letters retry-all")]
    [InlineData("profile set")]
    [InlineData("profile remove")]
    [InlineData("mailbox connect")]
    [InlineData("mailbox approve")]
    [InlineData("mailbox test")]
    [InlineData("mailbox status")]
    [InlineData("mailbox look")]
    [InlineData("folder-rule set")]
    [InlineData("folder-rule list")]
    [InlineData("alerts")]
    [InlineData("backfill")]
    [InlineData("audit")]
    [InlineData("deliver")]
    [InlineData("status")]
    [InlineData("history")]
    [InlineData("review")]
    [InlineData("erase")]
    [InlineData("track")]
    [InlineData("untrack")]
    [InlineData("regarding")]
    [InlineData("stop")]
    [InlineData("resume")]
    [InlineData("admit")]
    [InlineData("merge")]
    [InlineData("split")]
    [InlineData("undo")]
    public async Task Help_ends_with_examples(string command)
    {
        var ran = await Shell.RunAsync(_cluster, [.. command.Split(' '), "--help"]);

        Assert.Equal(0, ran.Code);
        Assert.Contains($"Examples:{Environment.NewLine}  emailtracking {command}", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_told_by_the_exit_code()
    {
        var ran = await Shell.RunAsync((_, _) => throw new ClusterUnreachableException("Start it."), CancellationToken.None, "status");

        Assert.Equal((75, "Start it."), (ran.Code, ran.Errors.Trim()));
    }

    [Fact]
    public async Task A_question_that_stays_unanswered_is_told_by_the_exit_code()
    {
        _cluster.Trouble = new TimeoutException();

        Assert.Equal(75, (await Shell.RunAsync(_cluster, "list")).Code);
    }

    [Fact]
    public async Task A_person_can_stop_a_command()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var ran = await Shell.RunAsync((_, token) => Task.FromCanceled<EmailTrackingClient>(token), stop.Token, "status");

        Assert.Equal(130, ran.Code);
    }

    [Fact]
    public async Task Gateways_and_the_organization_are_taken_from_the_command()
    {
        EmailTrackingClientOptions? used = null;
        await Shell.RunAsync(
            (options, _) =>
            {
                used = options;
                return Task.FromResult(_cluster.Client());
            },
            CancellationToken.None,
            "status", "--gateway", "crm1:30000,crm2:30000", "--gateway", "crm3:30000", "--organization", "contoso");

        Assert.Equal(["crm1:30000", "crm2:30000", "crm3:30000"], used!.Gateways);
        Assert.Equal("contoso", used.Organization);
    }

    [Fact]
    public async Task Status_tells_how_much_there_is()
    {
        var ran = await Shell.RunAsync(_cluster, "status");

        Assert.Equal(0, ran.Code);
        Assert.Contains("emails tracked 1,234 conversations 5", ran.Words, StringComparison.Ordinal);
        Assert.Contains("sightings waiting 7", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_asks_for_what_was_given()
    {
        await Shell.RunAsync(
            _cluster, "list", "--subject", "x", "--address", "A@b.c", "--from", "2026-01-05", "--outcome", "waiting", "--top", "3");

        var expected = new EmailFilter
        {
            Subject = "x",
            Address = Rows.Address("a@b.c"),
            From = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero),
            Outcome = Outcome.Waiting,
            CountMax = 3,
        };
        Assert.Equal(expected, _cluster.Asked);
    }

    [Fact]
    public async Task What_mail_says_cannot_move_the_cursor_or_be_taken_for_markup()
    {
        _cluster.Rows = [Rows.Tracked(1, subject: "[red]\u001b[2J\u202egpj.exe\u009b31m\r\n:smile:")];

        var ran = await Shell.RunAsync(_cluster, "list");

        Assert.Contains("[red][2Jgpj.exe31m", ran.Output, StringComparison.Ordinal);
        Assert.Contains(":smile:", ran.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(ran.Output, c => (char.IsControl(c) && c is not ('\r' or '\n')) || c == '\u202e');
    }

    [Fact]
    public async Task Explain_tells_the_reasons_the_parties_and_the_decisions()
    {
        var row = Rows.Tracked(1);
        _cluster.Explanation = new Explanation(
            row,
            ["Tracked: the mailbox takes all mail."],
            [new DecisionRow(new(Rows.Address("ana@contoso.com"), "Inbox", "1"), default, Outcome.Tracked, ReasonCode.AcceptAll, 3, default, "", [])],
            [],
            [new ActivityParty(new(ParticipationType.ToRecipient, Rows.Address("ana@contoso.com"), "[Ana]"), null)]);

        var ran = await Shell.RunAsync(_cluster, "explain", "1@contoso.com");

        Assert.StartsWith("Tracked: the mailbox takes all mail.", ran.Output, StringComparison.Ordinal);
        Assert.Contains("to ana@contoso.com [Ana]", ran.Words, StringComparison.Ordinal);
        Assert.Contains("tracked the mailbox takes all mail version 3", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_email_that_nobody_has_seen_is_wrong_input()
    {
        var ran = await Shell.RunAsync(_cluster, "explain", "x@y");

        Assert.Equal(1, ran.Code);
        Assert.Contains("No email with the id x@y was ever seen", ran.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_is_found_by_one_of_its_emails()
    {
        _cluster.Rows = [Rows.Tracked(1), Rows.Tracked(2, answers: 1)];
        _cluster.Explanation = new Explanation(_cluster.Rows[0], [], [], [], []);

        var ran = await Shell.RunAsync(_cluster, "conversation", "1+a@contoso.com");

        Assert.Contains($"Conversation {Rows.Conversation}, 2 emails", ran.Output, StringComparison.Ordinal);
        Assert.Contains("Subject 2", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_is_set_and_what_is_not_named_stays()
    {
        var mailbox = new MailboxFacts(Rows.Address("a@b.c"), null, true, FilterMethod.All, [new TrackingFolder("x", null)]);
        _cluster.Mailboxes[mailbox.Address] = mailbox;

        await Shell.RunAsync(_cluster, "mailbox", "set", "a@b.c", "--filter", "2");

        Assert.Equal(mailbox with { Filter = FilterMethod.LeadsContactsAccounts }, _cluster.Mailboxes[mailbox.Address]);
    }

    [Fact]
    public async Task Dead_letters_are_listed_with_advice()
    {
        _cluster.Letters =
            [new DeadLetter(new(Rows.Address("a@b.c"), "Inbox", "1"), "parse", ReasonCode.NotMail, "Export it as .eml.", "00ff", default)];

        var ran = await Shell.RunAsync(_cluster, "dead-letters");

        Assert.Contains("a@b.c Inbox 1 parse it is no mail Export it as .eml.", ran.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delivery_that_is_refused_is_wrong_input()
    {
        _cluster.Trouble = new DeliveryException("Create it first.");

        var ran = await Shell.RunAsync(_cluster, "mailbox", "list");

        Assert.Equal((1, "Create it first."), (ran.Code, ran.Errors.Trim()));
    }
}
