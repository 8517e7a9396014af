using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>Mailboxes, records, settings.</summary>
public abstract class DirectoryConformance : StoreConformance
{
    private static readonly RecordReference Case = new("incident", Guid.NewGuid());
    private static readonly RecordReference User = new("systemuser", Guid.NewGuid());

    private static readonly MailboxFacts Queue = new(
        Letter.Address("queue@contoso.com"), User, true, FilterMethod.Replies, [new TrackingFolder("A", null), new TrackingFolder("B", Case)]);

    private static readonly TableDefinition Site = new()
    {
        LogicalName = "new_site", EmailColumns = ["new_mail", "new_backupmail"], NameColumn = "new_name", OwnerColumn = "ownerid", StateColumn = "statecode",
    };

    [Fact]
    public async Task A_mailbox_is_created_once()
    {
        var (first, created) = await Silo.Directory.EnsureMailboxAsync(Organization, Queue);
        var (second, again) = await Silo.Directory.EnsureMailboxAsync(Organization, Queue with { Filter = FilterMethod.None, Folders = [] });

        Assert.True(created);
        Assert.False(again);
        AssertSame(Queue, first);
        AssertSame(Queue, second);
    }

    [Fact]
    public async Task Of_many_who_create_one_mailbox_one_does()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Silo.Directory.EnsureMailboxAsync("new", Queue)));

        Assert.Single(all, one => one.Created);
        Assert.All(all, one => AssertSame(Queue, one.Mailbox));
    }

    [Fact]
    public async Task A_saved_mailbox_replaces_what_was()
    {
        await Silo.Directory.SaveMailboxAsync(Organization, Queue);
        var changed = Queue with { IsQueue = false, Owner = null, Filter = FilterMethod.All, Folders = [new TrackingFolder("B", null)] };
        await Silo.Directory.SaveMailboxAsync(Organization, changed);

        var mailboxes = await Silo.Directory.ReadMailboxesAsync(Organization);

        Assert.Equal([Ana, Bo, Cleo, "queue@contoso.com"], mailboxes.Select(mailbox => mailbox.Address.Value));
        AssertSame(changed, mailboxes[^1]);
        AssertSame(changed, (await Silo.Store.ReadFactsAsync(Organization, [new Letter("m@x").In(Queue.Address.Value)])).Mailboxes[Queue.Address]);
    }

    [Fact]
    public async Task Records_are_read_as_they_were_saved_last()
    {
        var record = new CrmRecord(
            new RecordFacts(User, true, Guid.NewGuid(), Time.Now), "Ana", [Letter.Address("a@contoso.com"), Letter.Address("b@contoso.com")]);
        var changed = record with
        {
            Facts = record.Facts with { IsActive = false, OwnerId = null }, Name = "Anna", Addresses = [Letter.Address("c@contoso.com")],
        };
        await Silo.Directory.SaveRecordsAsync(Organization, [record]);
        AssertSame(record, Assert.Single(await Silo.Directory.ReadRecordsAsync(Organization, [User, Case])));

        await Silo.Directory.SaveRecordsAsync(Organization, [record, changed]);

        AssertSame(changed, Assert.Single(await Silo.Directory.ReadRecordsAsync(Organization, [User])));
        var directory = (await Silo.Store.ReadFactsAsync(
            Organization, [new Letter("m@x") { From = "a@contoso.com", To = "c@contoso.com" }.In(Ana)])).Directory;
        Assert.Equal(changed.Facts, Assert.Single(Assert.Single(directory).Value));
        Assert.Equal("c@contoso.com", Assert.Single(directory).Key.Value);
    }

    [Fact]
    public async Task Loads_of_the_same_records_at_once_all_succeed()
    {
        CrmRecord[] records = [.. Enumerable.Range(0, 200).Select(i => new CrmRecord(
            new RecordFacts(new RecordReference("contact", Guid.NewGuid()), true, null, Time.Now), "N", [Letter.Address($"n{i}@x.com")]))];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(load => Task.Run(() => Silo.Directory.SaveRecordsAsync(
            Organization, load % 2 == 0 ? [.. records] : [.. records.Reverse()]))));

        Assert.Equal(200, (await Silo.Directory.ReadRecordsAsync(Organization, [.. records.Select(record => record.Facts.Reference)])).Length);
    }

    [Fact]
    public async Task A_record_keeps_its_customer_until_it_is_saved_without()
    {
        var customer = new RecordReference("account", Guid.NewGuid());
        var record = new CrmRecord(new RecordFacts(Case, true, null, Time.Now), "Broken desk", [], customer);
        await Silo.Directory.SaveRecordsAsync(Organization, [record]);
        AssertSame(record, Assert.Single(await Silo.Directory.ReadRecordsAsync(Organization, [Case])));

        await Silo.Directory.SaveRecordsAsync(Organization, [record with { Customer = null }]);

        Assert.Null(Assert.Single(await Silo.Directory.ReadRecordsAsync(Organization, [Case])).Customer);
    }

    [Fact]
    public async Task A_table_is_read_as_it_was_described_last_until_it_is_removed()
    {
        await Silo.Directory.SaveTableAsync(Organization, Site with { StateColumn = null, IsActivityEnabled = false });
        await Silo.Directory.SaveTableAsync(Organization, Site);
        await Silo.Directory.SaveTableAsync(Organization, Site with { LogicalName = "new_plant", OwnerColumn = null });

        Assert.Equal(
            [Site with { LogicalName = "new_plant", OwnerColumn = null }, Site],
            (await Silo.Directory.ReadTablesAsync(Organization)).AsEnumerable());
        Assert.Empty(await Silo.Directory.ReadTablesAsync("other"));
        Assert.True(await Silo.Directory.RemoveTableAsync(Organization, "new_plant"));
        Assert.False(await Silo.Directory.RemoveTableAsync(Organization, "new_plant"));
        Assert.Equal(Site, Assert.Single(await Silo.Directory.ReadTablesAsync(Organization)));
    }

    [Fact]
    public async Task Records_of_a_table_that_takes_no_activities_are_nobody_while_it_takes_none()
    {
        var sighting = new Letter("m@x") { From = "a@contoso.com", To = "c@contoso.com" }.In(Ana);
        var record = new CrmRecord(
            new RecordFacts(new RecordReference(Site.LogicalName, Guid.NewGuid()), true, null, Time.Now), "S", [Letter.Address("a@contoso.com")]);
        await Silo.Directory.SaveRecordsAsync(Organization, [record]);

        foreach (var isEnabled in new[] { true, false, true })
        {
            await Silo.Directory.SaveTableAsync(Organization, Site with { IsActivityEnabled = isEnabled });

            Assert.Equal(isEnabled ? 1 : 0, (await Silo.Store.ReadFactsAsync(Organization, [sighting])).Directory.Count);
        }
    }

    [Fact]
    public async Task Settings_have_their_defaults_until_they_are_saved()
    {
        var settings = await Silo.Directory.ReadSettingsAsync(Organization);

        Assert.Equal(0, settings.Version);
        Assert.Equal("CRM:", Assert.Single(settings.TokenPrefixes));
        Assert.False(settings.TracksSentItems);
    }

    [Fact]
    public async Task Each_save_of_settings_is_a_version_and_the_last_is_in_force()
    {
        var settings = new TrackingSettings
        {
            TokenPrefixes = ["REF:", "CRM:"], TracksSentItems = true, LeavesAmbiguousSenders = true, LeavesAmbiguousRecipients = true,
        };

        // Who read version 0 is the first, once; then who read version 1, and so on.
        for (var seen = 0; seen < 3; seen++)
        {
            var versions = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
                Silo.Directory.SaveSettingsAsync(Organization, settings with { Version = seen }, "ana", Time.Now, "because")));
            Assert.Equal(seen + 1, Assert.Single(versions, version => version is not null));
        }

        foreach (var read in new[]
        {
            await Silo.Directory.ReadSettingsAsync(Organization),
            (await Silo.Store.ReadFactsAsync(Organization, [new Letter("m@x").In(Ana)])).Settings,
        })
        {
            Assert.Equal(3, read.Version);
            Assert.Equal(settings.TokenPrefixes.AsEnumerable(), read.TokenPrefixes);
            Assert.True(read.TracksSentItems && read.LeavesAmbiguousSenders && read.LeavesAmbiguousRecipients);
        }

        var history = await Silo.Directory.ReadSettingsHistoryAsync(Organization, 2);
        Assert.Equal([3, 2], history.Select(version => version.Settings.Version));
        Assert.All(history, version => Assert.Equal(("ana", Time.Now, "because"), (version.ChangedBy, version.ChangedOn, version.Why)));
        Assert.Empty(await Silo.Directory.ReadSettingsHistoryAsync("other", 2));

        Assert.Equal(0, (await Silo.Directory.ReadSettingsAsync("other")).Version);
    }

    [Fact]
    public async Task Every_setting_comes_back_as_it_was_saved()
    {
        // One value for each that is not its default, as far as words for it can be guessed from what it takes.
        var settings = SettingCatalogue.All.Aggregate(new TrackingSettings(), (before, setting) =>
            new[] { "true", "false", "link", "a.example", "Sensitivity: Private", "3" }
                .Select(text => setting.Write(before, text).Settings)
                .First(after => after is not null && setting.Read(after) != setting.Default)!);

        await Silo.Directory.SaveSettingsAsync(Organization, settings, "ana", Time.Now);

        var read = await Silo.Directory.ReadSettingsAsync(Organization);
        Assert.All(SettingCatalogue.All, setting => Assert.Equal(setting.Read(settings), setting.Read(read)));
        Assert.All(SettingCatalogue.All, setting => Assert.NotEqual(setting.Default, setting.Read(read)));
    }

    [Fact]
    public async Task The_options_of_a_mailbox_are_kept_with_who_changed_them()
    {
        var mailbox = new MailboxFacts(Letter.Address(Ana), null, IsQueue: false, FilterMethod.Replies, [])
        {
            Options = new PersonalOptions { TracksSentItems = true, Creates = RecordCreation.Lead, Blocked = ["bank.example", "d@clinic.example"] },
        };
        var change = new MailboxChange("BlockedSenders", "none", "bank.example", "ana", Time.Now, "my own business");

        await Silo.Directory.SaveMailboxAsync(Organization, mailbox, change);
        await Silo.Directory.SaveMailboxAsync(Organization, mailbox, change with { Name = "AutoTrackSentFolderItems", Why = null });

        AssertSame(mailbox, (await Silo.Directory.ReadMailboxesAsync(Organization)).Single(one => one.Address == mailbox.Address));
        // Who loads a file of mailboxes knows nothing of what people chose.
        await Silo.Directory.SaveMailboxAsync(Organization, mailbox with { Options = new PersonalOptions(), IsQueue = true });
        var snapshot = await Silo.Store.ReadFactsAsync(Organization, [new Letter("m@x").In(Ana)]);
        Assert.Equal(mailbox.Options, snapshot.Mailboxes[Letter.Address(Ana)].Options);
        Assert.True(snapshot.Mailboxes[Letter.Address(Ana)].IsQueue);
        var rule = change with { Name = "mailboxtrackingfolder Inbox/Deals" };
        await Silo.Directory.SaveFolderRulesAsync(Organization, Letter.Address(Ana), [new TrackingFolder("Inbox/Deals", null)], [rule]);
        Assert.Equal(rule, (await Silo.Directory.ReadMailboxChangesAsync(Organization, Letter.Address(Ana), 1)).Single());
        var changes = (await Silo.Directory.ReadMailboxChangesAsync(Organization, Letter.Address(Ana), 10)).Skip(1);
        Assert.Equal([change with { Name = "AutoTrackSentFolderItems", Why = null }, change], changes);
        Assert.Single(await Silo.Directory.ReadMailboxChangesAsync(Organization, Letter.Address(Ana), 1));
        Assert.Empty(await Silo.Directory.ReadMailboxChangesAsync("other", Letter.Address(Ana), 10));
    }

    [Fact]
    public async Task Mailboxes_of_recipients_are_read_when_the_settings_ask_them_also_by_an_alias()
    {
        var settings = new TrackingSettings { Acceptance = new AcceptanceSettings { AsksSyncingMailboxOnly = false } };
        var user = new CrmRecord(
            new RecordFacts(User, IsActive: true, null, Time.Now), "Cleo", [Letter.Address("cleo@contoso.com"), Letter.Address("alias@contoso.com")]);
        await Silo.Directory.SaveRecordsAsync(Organization, [user]);
        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(
            Letter.Address("cleo@contoso.com"), user.Facts.Reference, IsQueue: false, FilterMethod.All, []));
        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(Letter.Address(Bo), null, IsQueue: true, FilterMethod.All, []));
        var sighting = new Letter("m@x") { From = "x@y.example", To = "alias@contoso.com" }.In(Ana);

        Assert.DoesNotContain(Letter.Address("cleo@contoso.com"), (await Silo.Store.ReadFactsAsync(Organization, [sighting])).Mailboxes.Keys);
        await Silo.Directory.SaveSettingsAsync(Organization, settings, "ana", Time.Now);
        var mailboxes = (await Silo.Store.ReadFactsAsync(Organization, [sighting])).Mailboxes;
        Assert.Contains(Letter.Address("cleo@contoso.com"), mailboxes.Keys);
        Assert.DoesNotContain(Letter.Address(Bo), mailboxes.Keys);
    }

    [Fact]
    public async Task Mail_that_a_mailbox_left_out_is_counted_once_and_by_its_reason()
    {
        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(Letter.Address(Ana), null, IsQueue: false, FilterMethod.None, []));
        await Silo.Directory.SaveMailboxAsync(Organization, new MailboxFacts(Letter.Address(Bo), null, IsQueue: false, FilterMethod.All, []));
        await Silo.DeliverAsync(new Letter("one@x") { From = "x@y.example", To = Ana }.In(Ana));
        await Silo.DeliverAsync(new Letter("one@x") { From = "x@y.example", To = Ana }.In(Ana, "Archive"));
        await Silo.DeliverAsync(new Letter("two@x") { From = "x@y.example", To = Ana, Minute = 3 }.In(Ana));
        await Silo.DeliverAsync(new Letter("two@x") { From = "x@y.example", To = Ana, Minute = 3 }.In(Bo));

        Task<long> CountAsync(string mailbox, int days) => Silo.Queries.CountLeftOutAsync(
            Organization, Letter.Address(mailbox), new Letter("one@x").In(Ana).ReceivedOn.AddDays(-days));
        Assert.Equal(1, await CountAsync(Ana, 30));
        Assert.Equal(0, await CountAsync(Ana, -1));
        Assert.Equal(0, await CountAsync(Bo, 30));
    }

    private static void AssertSame(MailboxFacts expected, MailboxFacts actual)
    {
        Assert.Equal(expected.Folders.AsEnumerable(), actual.Folders);
        Assert.Equal(expected with { Folders = [] }, actual with { Folders = [] });
    }

    private static void AssertSame(CrmRecord expected, CrmRecord actual)
    {
        Assert.Equal(expected.Addresses.AsEnumerable(), actual.Addresses);
        Assert.Equal(expected with { Addresses = [] }, actual with { Addresses = [] });
    }
}
