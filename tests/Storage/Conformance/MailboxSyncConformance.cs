using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>Servers, how mailboxes are read, how that goes, their folders, and alerts.</summary>
public abstract class MailboxSyncConformance : StoreConformance
{
    private static readonly ServerProfile Profile = new() { Name = "main", Host = "imap.contoso.com" };

    private static readonly ServerProfile Other = new()
    {
        Name = "Other", Host = "10.0.0.1", Port = 143, Security = ConnectionSecurity.StartTls, CertificateAuthorities = "/etc/ca.pem",
        SignIn = SignInMethod.ClientCredentials, TokenEndpoint = "https://login.contoso.com/token", ClientId = "id",
        ClientSecret = "env:SECRET", Scope = "imap", ConnectionsMax = 3, IdleMax = 0, PollMin = TimeSpan.FromSeconds(7),
        PollMax = TimeSpan.FromHours(1), AnswerMax = TimeSpan.FromSeconds(90), StartsOn = new DateOnly(2026, 1, 31),
    };

    private static readonly MailboxConnection Connection = new()
    {
        Mailbox = Letter.Address(Ana), Profile = "main", UserName = "ana", Secret = "file:/run/ana", StartsOn = new DateOnly(2026, 2, 1),
        Approval = AccessApproval.Approved, IsEnabled = true, DeletesProcessed = true, ApprovedBy = "Cleo",
    };

    private MailboxHealth Failing => new()
    {
        State = MailboxState.Retrying, Since = Time.Now, LastReadOn = Time.Now.AddHours(-1), Kind = ServerProblemKind.SignIn,
        Problem = "The password is refused.", NextStep = "Change it.", Failures = 3, RetryOn = Time.Now.AddMinutes(4),
    };

    private static FollowedFolder Folder(int number, string name) =>
        new(number, $"id-{number}", $"INBOX.{name}", name, FolderRole.None, 7, new FolderMark(7, 12, 99));

    private Task SaveAsync(params FollowedFolder[] folders) => Silo.Sync.SaveProgressAsync(
        Organization, Letter.Address(Ana), [.. folders.Select(folder => new FolderProgress(folder, []))]);

    private async Task<TrackingFolder[]> RulesAsync() => [.. (await Silo.Directory.ReadMailboxesAsync(Organization))[0].Folders];

    [Fact]
    public async Task Profiles_are_read_as_they_were_saved_last()
    {
        await Silo.Sync.SaveProfileAsync(Organization, Profile with { Host = "old" });
        await Silo.Sync.SaveProfileAsync(Organization, Profile);
        await Silo.Sync.SaveProfileAsync(Organization, Other);

        Assert.Equal([Other, Profile], (await Silo.Sync.ReadProfilesAsync(Organization)).AsEnumerable());
        Assert.Empty(await Silo.Sync.ReadProfilesAsync("other"));
    }

    [Fact]
    public async Task A_profile_goes_when_no_mailbox_uses_it()
    {
        await Silo.Sync.SaveProfileAsync(Organization, Profile);
        await Silo.Sync.SaveConnectionAsync(Organization, Connection);
        await Silo.Sync.SaveConnectionAsync(Organization, Connection with { Mailbox = Letter.Address(Bo) });

        Assert.Equal(2, await Silo.Sync.RemoveProfileAsync(Organization, "main"));
        Assert.Equal(Profile, Assert.Single(await Silo.Sync.ReadProfilesAsync(Organization)));
        await Silo.Sync.SaveConnectionAsync(Organization, Connection with { Profile = "new" });
        await Silo.Sync.SaveConnectionAsync(Organization, Connection with { Mailbox = Letter.Address(Bo), Profile = "new" });
        Assert.Equal(0, await Silo.Sync.RemoveProfileAsync(Organization, "main"));
        Assert.Equal(0, await Silo.Sync.RemoveProfileAsync(Organization, "main"));
        Assert.Empty(await Silo.Sync.ReadProfilesAsync(Organization));
    }

    [Fact]
    public async Task A_connection_is_read_as_it_was_saved_last_with_its_mailbox()
    {
        var rule = new TrackingFolder("Deals", new RecordReference("account", Guid.NewGuid()))
        {
            State = FolderRuleState.Paused, From = new DateOnly(2026, 1, 1), Until = new DateOnly(2026, 12, 31),
        };
        var facts = new MailboxFacts(Letter.Address(Bo), null, IsQueue: true, FilterMethod.Replies, [rule]);
        await Silo.Directory.SaveMailboxAsync(Organization, facts);
        var bare = new MailboxConnection { Mailbox = Letter.Address(Bo), Profile = "main", UserName = "bo", StartsOn = new DateOnly(2026, 3, 1) };
        await Silo.Sync.SaveConnectionAsync(Organization, bare with { UserName = "bob", Secret = "env:X", ApprovedBy = "Ana" });
        await Silo.Sync.SaveConnectionAsync(Organization, bare);
        await Silo.Sync.SaveConnectionAsync(Organization, Connection);

        var all = await Silo.Sync.ReadConnectionsAsync(Organization);
        Assert.Equal([(Connection, new MailboxHealth()), (bare, new MailboxHealth())], all.AsEnumerable());
        var one = (await Silo.Sync.ReadConnectionAsync(Organization, Letter.Address(Bo)))!.Value;
        Assert.Equal((bare, new MailboxHealth()), (one.Connection, one.Health));
        Assert.Equal(facts with { Folders = [] }, one.Mailbox with { Folders = [] });
        Assert.Equal(rule, Assert.Single(one.Mailbox.Folders));
        Assert.Null(await Silo.Sync.ReadConnectionAsync(Organization, Letter.Address(Cleo)));
        Assert.Null(await Silo.Sync.ReadConnectionAsync(Organization, Letter.Address("nobody@contoso.com")));
        Assert.Empty(await Silo.Sync.ReadConnectionsAsync("other"));
        await Assert.ThrowsAnyAsync<Exception>(() =>
            Silo.Sync.SaveConnectionAsync(Organization, bare with { Mailbox = Letter.Address("nobody@contoso.com") }));
    }

    [Fact]
    public async Task Health_is_what_was_written_last_and_stays_when_the_connection_changes()
    {
        await Silo.Sync.SaveHealthAsync(Organization, Letter.Address(Ana), Failing);
        Assert.Null(await Silo.Sync.ReadConnectionAsync(Organization, Letter.Address(Ana)));
        await Silo.Sync.SaveConnectionAsync(Organization, Connection);
        await Silo.Sync.SaveConnectionAsync(Organization, Connection with { Mailbox = Letter.Address(Bo) });

        await Silo.Sync.SaveHealthAsync(Organization, Letter.Address(Ana), Failing);
        await Silo.Sync.SaveConnectionAsync(Organization, Connection with { IsEnabled = false, Approval = AccessApproval.Rejected });

        Assert.Equal([Failing, new MailboxHealth()], (await Silo.Sync.ReadConnectionsAsync(Organization)).Select(one => one.Health));
        var healthy = new MailboxHealth { State = MailboxState.Healthy, Since = Time.Now, LastReadOn = Time.Now };
        await Silo.Sync.SaveHealthAsync(Organization, Letter.Address(Ana), healthy);
        var read = (await Silo.Sync.ReadConnectionAsync(Organization, Letter.Address(Ana)))!.Value;
        Assert.Equal((healthy, AccessApproval.Rejected), (read.Health, read.Connection.Approval));
    }

    [Fact]
    public async Task Folders_are_read_by_number_as_they_were_seen_last()
    {
        var inbox = new FollowedFolder(1, null, "INBOX", "Inbox", FolderRole.Inbox, uint.MaxValue, null);
        var marked = inbox with
        {
            Validity = 8, Mark = new FolderMark(uint.MaxValue, uint.MaxValue, ulong.MaxValue), Begin = uint.MaxValue, ClosedOn = Time.Now,
            LabelsRefusedOn = Time.Now.AddHours(1),
        };
        var gone = Folder(2, "Old") with { GoneOn = Time.Now };
        await SaveAsync(Folder(2, "Old"), inbox);
        Assert.Equal([inbox, Folder(2, "Old")], (await Silo.Sync.ReadFoldersAsync(Organization, Letter.Address(Ana))).AsEnumerable());

        await SaveAsync(marked, gone);
        await SaveAsync(Folder(3, "New"));

        Assert.Equal([marked, gone, Folder(3, "New")], (await Silo.Sync.ReadFoldersAsync(Organization, Letter.Address(Ana))).AsEnumerable());
        Assert.Empty(await Silo.Sync.ReadFoldersAsync(Organization, Letter.Address(Bo)));
        Assert.Empty(await Silo.Sync.ReadFoldersAsync(Organization, Letter.Address("nobody@contoso.com")));
        Assert.Empty(await Silo.Sync.ReadFoldersAsync("other", Letter.Address(Ana)));
    }

    [Fact]
    public async Task A_folder_with_a_new_name_takes_its_rule_along()
    {
        var record = new RecordReference("account", Guid.NewGuid());
        TrackingFolder[] rules =
        [
            new("A", record) { State = FolderRuleState.Paused, From = new DateOnly(2026, 1, 1), Until = new DateOnly(2026, 2, 1) },
            new("B", null),
            new("Left", null) { State = FolderRuleState.Disabled },
        ];
        await Silo.Directory.SaveMailboxAsync(
            Organization, new MailboxFacts(Letter.Address(Ana), null, IsQueue: false, FilterMethod.All, [.. rules]));
        await Silo.Directory.SaveMailboxAsync(
            Organization, new MailboxFacts(Letter.Address(Bo), null, IsQueue: false, FilterMethod.All, [rules[0]]));
        await SaveAsync(Folder(1, "A"), Folder(2, "B"), Folder(3, "C"));
        Assert.Equal(rules, await RulesAsync());

        // Two change names with each other; one has the name of a rule whose folder is not there any more.
        await SaveAsync(Folder(1, "B"), Folder(2, "A"), Folder(3, "D"));
        Assert.Equal([rules[1] with { Name = "A" }, rules[0] with { Name = "B" }, rules[2]], await RulesAsync());
        await SaveAsync(Folder(1, "Left"));
        Assert.Equal([rules[1] with { Name = "A" }, rules[0] with { Name = "Left" }], await RulesAsync());
        Assert.Equal("A", Assert.Single((await Silo.Directory.ReadMailboxesAsync(Organization))[1].Folders).Name);
        Assert.Equal(
            [rules[1] with { Name = "A" }, rules[0] with { Name = "Left" }],
            (await Silo.Store.ReadFactsAsync(Organization, [new Letter("m@x").In(Ana)])).Mailboxes[Letter.Address(Ana)].Folders.AsEnumerable());
    }

    [Fact]
    public async Task An_alert_stands_once_for_its_subject_until_it_is_cleared()
    {
        var alert = new Alert("mailbox ana", AlertLevel.Warning, "No answer.", "Wait.", Time.Now, null);
        await Silo.Sync.RaiseAsync(Organization, alert);
        await Silo.Sync.RaiseAsync(Organization, alert with { Level = AlertLevel.Error, NextStep = "Look.", RaisedOn = Time.Now.AddHours(1) });
        Assert.Equal(alert with { Level = AlertLevel.Error, NextStep = "Look." }, Assert.Single(await ReadAsync()));

        var refused = alert with { Cause = "Refused.", RaisedOn = Time.Now.AddHours(2) };
        await Silo.Sync.RaiseAsync(Organization, refused);
        Assert.Equal(refused, Assert.Single(await ReadAsync()));

        await Silo.Sync.ClearAsync(Organization, "mailbox ana", Time.Now.AddHours(3));
        await Silo.Sync.ClearAsync(Organization, "mailbox ana", Time.Now.AddHours(4));
        await Silo.Sync.ClearAsync(Organization, "mailbox bo", Time.Now);
        Assert.Equal(refused with { ClearedOn = Time.Now.AddHours(3) }, Assert.Single(await ReadAsync()));
        Assert.Empty(await ReadAsync(onlyStanding: true));

        // The same cause again is news once it was over.
        var again = refused with { RaisedOn = Time.Now.AddHours(5) };
        await Silo.Sync.RaiseAsync(Organization, again);
        Assert.Equal(again, Assert.Single(await ReadAsync()));
    }

    [Fact]
    public async Task Alerts_that_stand_come_first_and_then_the_latest()
    {
        foreach (var number in Enumerable.Range(1, 5))
        {
            await Silo.Sync.RaiseAsync(
                Organization, new Alert($"{number}", AlertLevel.Information, "c", "n", Time.Now.AddHours(number), null));
        }

        await Silo.Sync.ClearAsync(Organization, "3", Time.Now);
        await Silo.Sync.ClearAsync(Organization, "5", Time.Now);

        Assert.Equal(["4", "2", "1", "5", "3"], (await ReadAsync()).Select(alert => alert.Subject));
        Assert.Equal(["4", "2", "1", "5"], (await ReadAsync(countMax: 4)).Select(alert => alert.Subject));
        Assert.Equal(["4", "2"], (await ReadAsync(countMax: 2)).Select(alert => alert.Subject));
        Assert.Equal(["4", "2", "1"], (await ReadAsync(onlyStanding: true)).Select(alert => alert.Subject));
        Assert.Empty(await Silo.Sync.ReadAlertsAsync("other", onlyStanding: false, 10));
    }

    private Task<ImmutableArray<Alert>> ReadAsync(bool onlyStanding = false, int countMax = 10) =>
        Silo.Sync.ReadAlertsAsync(Organization, onlyStanding, countMax);
}
