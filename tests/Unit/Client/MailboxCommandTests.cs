using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Client;

public sealed class MailboxCommandTests
{
    private const string Account = "account/3f2504e0-4f89-11d3-9a0c-0305e82c3301";

    private static readonly EmailAddress Ana = Rows.Address("ana@contoso.com");

    private readonly FakeCluster _cluster = new();

    private FakeServers Servers => _cluster.Servers;

    private MailboxConnection Connection => Servers.Statuses[Ana].Connection;

    [Fact]
    public async Task A_profile_is_made_with_defaults_and_what_is_not_given_later_stays()
    {
        await RunAsync("profile set office --host imap.contoso.com");
        Assert.Equal(new ServerProfile { Name = "office", Host = "imap.contoso.com" }, Servers.Profiles["office"]);

        var set = await RunAsync(
            "profile set office --port 1143 --security starttls --ca /etc/ca.pem --sign-in refresh-token --token-endpoint https://a.example/t " +
            "--client-id id --client-secret env:S --scope mail --connections 3 --idle 0 --poll-min 30s --poll-max 1h --answer-max 00:00:20 --since 2026-01-31");
        Assert.Equal(0, set.Code);
        var profile = new ServerProfile
        {
            Name = "office",
            Host = "imap.contoso.com",
            Port = 1143,
            Security = ConnectionSecurity.StartTls,
            CertificateAuthorities = "/etc/ca.pem",
            SignIn = SignInMethod.RefreshToken,
            TokenEndpoint = "https://a.example/t",
            ClientId = "id",
            ClientSecret = "env:S",
            Scope = "mail",
            ConnectionsMax = 3,
            IdleMax = 0,
            PollMin = TimeSpan.FromSeconds(30),
            PollMax = TimeSpan.FromHours(1),
            AnswerMax = TimeSpan.FromSeconds(20),
            StartsOn = new DateOnly(2026, 1, 31),
        };
        Assert.Equal(profile, Servers.Profiles["office"]);

        await Shell.RunAsync(_cluster, "profile", "set", "office", "--host", "mail.contoso.com", "--ca", "", "--since", "none");
        Assert.Equal(profile with { Host = "mail.contoso.com", CertificateAuthorities = null, StartsOn = null }, Servers.Profiles["office"]);

        var list = await RunAsync("profile list");
        Assert.Contains("office mail.contoso.com:1143 STARTTLS refresh token (env:S) https://a.example/t 3 0 30s to 1h", list.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_profile_with_STARTTLS_has_its_usual_port()
    {
        await RunAsync("profile set office --host imap.contoso.com --security starttls");

        Assert.Equal(143, Servers.Profiles["office"].Port);
    }

    [Theory]
    [InlineData("profile set new",                                            "emailtracking profile set new --host HOST")]
    [InlineData("profile set office --security none",                         "Use --security tls or starttls")]
    [InlineData("profile set office --client-secret hunter2",                 "env:NAME")]
    [InlineData("profile remove office",                                      "1 mailboxes use profile 'office'")]
    [InlineData("mailbox connect bo@contoso.com",                             "emailtracking mailbox connect bo@contoso.com --profile NAME")]
    [InlineData("mailbox connect bo@contoso.com --profile nowhere",           "There is no server profile 'nowhere'")]
    [InlineData("mailbox approve bo@contoso.com",                             "Mailbox bo@contoso.com has no server. Connect it")]
    [InlineData("mailbox test bo@contoso.com",                                "Mailbox bo@contoso.com has no server. Connect it")]
    [InlineData("mailbox look ana@contoso.com",                               "is not read. It is not approved yet: emailtracking mailbox approve ana@contoso.com")]
    [InlineData("folder-rule list bo@contoso.com",                            "There is no mailbox bo@contoso.com")]
    [InlineData("folder-rule remove ana@contoso.com Inbox/A",                 "Folder Inbox/A of ana@contoso.com has no rule")]
    [InlineData("folder-rule set bo@contoso.com Inbox/A",                     "There is no mailbox bo@contoso.com")]
    public async Task What_makes_no_sense_is_refused_with_what_to_do(string line, string problem)
    {
        await ConnectAsync();
        var before = (Servers.Profiles["office"], Connection);

        var ran = await RunAsync(line);

        Assert.Equal(1, ran.Code);
        Assert.Contains(problem, ran.Errors.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(before, (Servers.Profiles["office"], Connection));
    }

    [Fact]
    public async Task A_mailbox_is_connected_approved_tested_and_enabled()
    {
        await ConnectAsync();
        Assert.Equal(
            new MailboxConnection
            {
                Mailbox = Ana,
                Profile = "office",
                UserName = "ana@contoso.com",
                Secret = "env:ANA",
                StartsOn = DateOnly.FromDateTime(DateTime.UtcNow),
                Approval = AccessApproval.Pending,
            },
            Connection with { StartsOn = DateOnly.FromDateTime(DateTime.UtcNow) });

        var test = await RunAsync("mailbox test ana@contoso.com --enable");
        Assert.Contains("Folders: Inbox, Sent", test.Output, StringComparison.Ordinal);
        Assert.Contains("keeps labels of our own", test.Output, StringComparison.Ordinal);
        Assert.Contains("It is not approved yet: emailtracking mailbox approve ana@contoso.com", test.Output, StringComparison.Ordinal);
        Assert.Equal((true, AccessApproval.Pending), (Connection.IsEnabled, Connection.Approval));

        var approved = await RunAsync("mailbox approve ana@contoso.com --by ben");
        Assert.Contains("is approved by ben. It is read now.", approved.Output, StringComparison.Ordinal);
        Assert.Equal((AccessApproval.Approved, "ben"), (Connection.Approval, Connection.ApprovedBy));

        await RunAsync("mailbox connect ana@contoso.com --user ana --since 2026-01-01 --delete-processed");
        Assert.Equal(
            (true, AccessApproval.Approved, "ana", "env:ANA", new DateOnly(2026, 1, 1), true),
            (Connection.IsEnabled, Connection.Approval, Connection.UserName, Connection.Secret, Connection.StartsOn, Connection.DeletesProcessed));

        await RunAsync("mailbox disable ana@contoso.com");
        Assert.False(Connection.IsEnabled);
        await RunAsync("mailbox enable ana@contoso.com");
        await RunAsync("mailbox reject ana@contoso.com --by ben");
        Assert.Equal((true, AccessApproval.Rejected), (Connection.IsEnabled, Connection.Approval));
    }

    [Fact]
    public async Task A_test_that_fails_says_the_first_problem_and_enables_nothing()
    {
        await ConnectAsync();
        Servers.Test = new MailboxTest(null, [], "The name or password is refused.", "Check them.");

        var ran = await RunAsync("mailbox test ana@contoso.com --enable");

        Assert.Equal(1, ran.Code);
        Assert.Contains("cannot be opened: The name or password is refused. Check them.", ran.Errors, StringComparison.Ordinal);
        Assert.False(Connection.IsEnabled);
    }

    [Theory]
    [InlineData(MailboxState.Healthy,  0)]
    [InlineData(MailboxState.Stopped,  1)]
    [InlineData(MailboxState.Retrying, 75)]
    public async Task A_look_tells_by_its_exit_code_how_it_went(MailboxState state, int code)
    {
        await ConnectAsync();
        await RunAsync("mailbox approve ana@contoso.com");
        await RunAsync("mailbox enable ana@contoso.com");
        Servers.Look = () => new MailboxHealth { State = state, Problem = "No answer.", NextStep = "Wait." };

        Assert.Equal(code, (await RunAsync("mailbox look ana@contoso.com")).Code);
    }

    [Fact]
    public async Task A_look_that_a_silo_broke_off_is_to_be_tried_again()
    {
        await ConnectAsync();
        await RunAsync("mailbox approve ana@contoso.com");
        await RunAsync("mailbox enable ana@contoso.com");
        Servers.Look = () => throw new OperationCanceledException();

        Assert.Equal(75, (await RunAsync("mailbox look ana@contoso.com")).Code);
    }

    [Fact]
    public async Task The_status_shows_how_it_goes_and_where_secrets_are_but_no_secret()
    {
        await ConnectAsync();
        var folder = new FollowedFolder(1, null, "INBOX", "Inbox", FolderRole.Inbox, 7, new FolderMark(7, 43, 12_345));
        Servers.Statuses[Ana] = new MailboxStatus(
            Connection with { Secret = "hunter2" },
            new MailboxHealth { State = MailboxState.Retrying, Problem = "No \u001b[31manswer.", NextStep = "Wait.", Failures = 3 },
            [folder, folder with { Number = 2, Name = "Inbox/A", Role = FolderRole.None, Mark = null }]);

        var one = await RunAsync("mailbox status ana@contoso.com");
        Assert.Contains("state retrying", one.Words, StringComparison.Ordinal);
        Assert.Contains("Inbox inbox 42 7 12345", one.Words, StringComparison.Ordinal);
        Assert.Contains("Inbox/A not read", one.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", one.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", one.Output, StringComparison.Ordinal);

        var all = await RunAsync("mailbox status");
        Assert.Contains("ana@contoso.com office waits for approval no retrying never", all.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_rule_is_made_changed_resumed_and_removed()
    {
        _cluster.Mailboxes[Ana] = new MailboxFacts(Ana, null, false, FilterMethod.Replies, []);
        TrackingFolder Rule() => Assert.Single(_cluster.Mailboxes[Ana].Folders);

        await RunAsync($"folder-rule set ana@contoso.com Inbox/A --regarding {Account.Replace('/', ':')} --from 2026-01-01 --until 2026-02-01");
        Assert.Equal(
            (Account, new DateOnly(2026, 1, 1), new DateOnly(2026, 2, 1)), (Rule().Regarding.ToString(), Rule().From, Rule().Until));

        await RunAsync("folder-rule set ana@contoso.com Inbox/A --until none");
        Assert.Equal((Account, new DateOnly(2026, 1, 1), null), (Rule().Regarding.ToString(), Rule().From, Rule().Until));

        _cluster.Mailboxes[Ana] = _cluster.Mailboxes[Ana] with { Folders = [Rule() with { State = FolderRuleState.Paused }] };
        await RunAsync("folder-rule set ana@contoso.com Inbox/A --no-regarding");
        Assert.Equal((null, FolderRuleState.Paused), (Rule().Regarding, Rule().State));
        Assert.Contains("Inbox/A 2026-01-01 paused", (await RunAsync("folder-rule list")).Words, StringComparison.Ordinal);

        await RunAsync("folder-rule set ana@contoso.com Inbox/A --resume");
        Assert.Equal(FolderRuleState.Active, Rule().State);

        _cluster.Servers.InFolder = 101;
        var many = $"folder-rule set ana@contoso.com Inbox/A --regarding {Account} --existing";
        Assert.Contains("101 mails would be about", (await RunAsync(many)).Errors, StringComparison.Ordinal);
        Assert.Null(Rule().Regarding);
        Assert.Contains("101 mails in it are about it now", (await RunAsync($"{many} --yes")).Output, StringComparison.Ordinal);
        Assert.Equal(Account, Rule().Regarding.ToString());

        Assert.Contains("101 tracked mails lie in Inbox/A; they will be about", (await RunAsync($"{many} --yes")).Output, StringComparison.Ordinal);

        // Another record is for new mail, unless it is said to be for what lies there as well.
        var other = await RunAsync("folder-rule set ana@contoso.com Inbox/A --regarding account/3f2504e0-4f89-11d3-9a0c-0305e82c3399");
        Assert.Contains("101 tracked mails lie in it and stay about what they are.", other.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("tracked mails", (await RunAsync("folder-rule set ana@contoso.com Inbox/A --until none")).Words, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("folder-rule remove ana@contoso.com Inbox/A")).Code);
        Assert.Empty(_cluster.Mailboxes[Ana].Folders);
        Assert.Contains("There are no folder rules.", (await RunAsync("folder-rule list ana@contoso.com")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_changes_a_folder_rule_and_why_goes_along()
    {
        _cluster.Mailboxes[Ana] = new MailboxFacts(Ana, null, false, FilterMethod.Replies, []);
        await RunAsync($"folder-rule set ana@contoso.com Inbox/A --regarding {Account} --by ben --why audit");
        await RunAsync("folder-rule set ana@contoso.com Inbox/A --existing --by ben");
        await RunAsync("folder-rule remove ana@contoso.com Inbox/A --by cleo");
        Assert.Equal(
            [(new Author("ben", "audit"), false), (new Author("ben"), true), (new Author("cleo"), false)], Servers.RuleChanges);
    }

    [Fact]
    public async Task Alerts_are_listed_with_what_to_do()
    {
        var alert = new Alert("mailbox ana@contoso.com", AlertLevel.Error, "The password is refused.", "Change it.", DateTimeOffset.UnixEpoch, null);
        Servers.Alerts = [alert, alert with { Subject = "mailbox bo@contoso.com", ClearedOn = DateTimeOffset.UnixEpoch }];

        var standing = await RunAsync("alerts");
        Assert.Equal(0, standing.Code);
        Assert.Contains("error mailbox ana@contoso.com 1970-01-01 00:00 The password is refused. Change it.", standing.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("bo@contoso.com", standing.Output, StringComparison.Ordinal);
        Assert.Contains("bo@contoso.com", (await RunAsync("alerts --all")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("bo@contoso.com", (await RunAsync("alerts --all --count 1")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dead_letters_are_shown_and_decided_again()
    {
        var letter = new DeadLetter(new SightingPlace(Ana, "Inbox", "1.7.42"), "fetch", ReasonCode.NotMail, "Look at it.", null, DateTimeOffset.UnixEpoch);
        Servers.Letters.AddRange([letter, letter with { Place = letter.Place with { Item = "1.7.43" }, ContentHash = "00ff" }]);
        _cluster.Letters = [.. Servers.Letters];

        Assert.Contains("raw mail in its mailbox", (await RunAsync("deadletter show ana@contoso.com Inbox 1.7.42")).Words, StringComparison.Ordinal);
        Assert.Contains("SHA-256 00ff", (await RunAsync("dead-letters show ana@contoso.com Inbox 1.7.43")).Words, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("dead-letters show ana@contoso.com Inbox 1.7.44")).Code);

        Servers.Stays = "The store refused it.";
        var again = await RunAsync("dead-letters retry ana@contoso.com Inbox 1.7.42");
        Assert.Equal(2, again.Code);
        Assert.Contains("It is a dead letter still: The store refused it.", again.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("dead-letters retry-all")).Code);

        Servers.Stays = null;
        var one = await RunAsync("dead-letters retry ana@contoso.com Inbox 1.7.42");
        Assert.Equal(0, one.Code);
        Assert.Contains("Decided: tracked, the mailbox takes all mail.", one.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("dead-letters retry ana@contoso.com Inbox 1.7.42")).Code);
        Assert.Contains("2 of 2 dead letters were decided.", (await RunAsync("dead-letters retry-all")).Output, StringComparison.Ordinal);
        Assert.Empty(Servers.Letters);
    }

    private async Task ConnectAsync()
    {
        _cluster.Mailboxes[Ana] = new MailboxFacts(Ana, null, false, FilterMethod.Replies, []);
        await RunAsync("profile set office --host imap.contoso.com");
        Assert.Equal(0, (await RunAsync("mailbox connect ana@contoso.com --profile office --secret env:ANA")).Code);
    }

    private Task<Ran> RunAsync(string line) => Shell.RunAsync(_cluster, line.Split(' '));
}
