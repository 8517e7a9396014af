using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Client;

public sealed class SettingsCommandTests
{
    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task A_setting_is_set_read_and_in_the_history()
    {
        var set = await Shell.RunAsync(_cluster, "settings", "set", "autotracksentfolderitems", "True", "--by", "Ana");
        Assert.Equal(0, set.Code);
        Assert.Contains("is true now; it was false. Version 1.", set.Output, StringComparison.Ordinal);
        Assert.Equal("true", (await Shell.RunAsync(_cluster, "settings", "get", "AutoTrackSentFolderItems")).Output.Trim());

        await Shell.RunAsync(_cluster, "settings", "set", "TrackingPrefix", "REF:", "--by", "Ben");
        var history = (await Shell.RunAsync(_cluster, "settings", "history", "--top", "1")).Output;
        Assert.Contains("Ben", history, StringComparison.Ordinal);
        Assert.Contains("CRM: -> REF:", history, StringComparison.Ordinal);
        Assert.DoesNotContain("Ana", history, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("settings set TrackingPrefix 12", "TrackingPrefix takes 1 to 20 characters")]
    [InlineData("settings set AutoTrackSentFolderItems 1", "takes true or false, not '1'")]
    [InlineData("settings get NoSuch", "There is no setting 'NoSuch'. See: emailtracking settings list")]
    [InlineData("settings get Queue", "There is no setting 'Queue'. Did you mean CreateQueueItemForSynchronizingMailbox or")]
    [InlineData("settings set HashMaxCount 5", "HashMaxCount has no effect here: smart matching")]
    [InlineData("settings set SSSForceFilteringMethodForUserMailboxes 5", "takes a whole number from -1 to 4 (a filter), not '5'")]
    [InlineData("settings set RetentionDays soon", "takes a whole number from 0 to 36500 days, not 'soon'")]
    [InlineData("settings set RetentionDays -1", "takes a whole number from 0 to 36500 days, not '-1'")]
    [InlineData("settings set BlockedSenders bank", "'bank' is neither an address such as ana@contoso.com nor a domain")]
    [InlineData("settings set ExcludedHeaders Subject:a", "'Subject:a' is no header such as 'Sensitivity: Private' (headers: Sensitivity, Keywords")]
    [InlineData("settings set ExcludedKeywords a", "'a' is no word of 2 to 100 characters")]
    [InlineData("settings set RegardingFromSender maybe", "takes off, suggest or link, not 'maybe'")]
    [InlineData("settings preset ours", "There is no preset 'ours'.")]
    [InlineData("settings list --mailbox nobody@contoso.com", "There is no mailbox nobody@contoso.com.")]
    [InlineData("settings get Filter --mailbox nobody@contoso.com", "There is no option 'Filter' of a mailbox.")]
    public async Task What_makes_no_sense_is_refused_and_changes_nothing(string line, string problem)
    {
        var ran = await Shell.RunAsync(_cluster, line.Split(' '));
        Assert.NotEqual(0, ran.Code);
        Assert.Contains(problem, ran.Errors.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Empty(_cluster.Settings);
    }

    [Fact]
    public async Task Every_setting_is_listed_with_its_default()
    {
        var list = (await Shell.RunAsync(_cluster, "settings", "list")).Output;
        Assert.All(SettingCatalogue.All, setting => Assert.Contains(setting.Name[..Math.Min(setting.Name.Length, 8)], list, StringComparison.Ordinal));
        Assert.Equal(SettingCatalogue.All.Select(setting => setting.Name).Order(StringComparer.Ordinal), SettingCatalogue.All.Select(setting => setting.Name));
    }

    public static TheoryData<string, string> Values
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var setting in SettingCatalogue.All)
            {
                data.Add(setting.Name, Other(setting));
            }

            return data;
        }
    }

    private static string Other(SettingDefinition setting) => setting.Range switch
    {
        "true or false" => setting.Default == "true" ? "false" : "true",
        var range when range.StartsWith("headers", StringComparison.Ordinal) => "sensitivity: private; x-label: crm",
        var range when range.StartsWith("addresses", StringComparison.Ordinal) => "ana@contoso.com, fabrikam.com",
        var range when range.StartsWith("words", StringComparison.Ordinal) => "merger, salary",
        var range when range.StartsWith("off", StringComparison.Ordinal) => "link",
        var range when range.StartsWith("1 to 20", StringComparison.Ordinal) => "Case#",
        _ => "3",
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_that_is_written_is_read_and_moves_no_other_setting(string name, string value)
    {
        var after = SettingCatalogue.Find(name)!.Write(new TrackingSettings(), value).Settings!;
        Assert.All(SettingCatalogue.All, setting => Assert.Equal(setting.Name == name ? value : setting.Default, setting.Read(after)));
        Assert.NotEqual(SettingCatalogue.Find(name)!.Default, value);
    }

    [Fact]
    public void Names_are_written_once_and_say_what_to_do()
    {
        var names = SettingCatalogue.All.Select(setting => setting.Name).Concat(UnsupportedSetting.All.Select(setting => setting.Name)).ToArray();
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(SettingCatalogue.All, setting => Assert.EndsWith(".", setting.Meaning, StringComparison.Ordinal));
        Assert.All(UnsupportedSetting.All, setting => Assert.True(setting.Reason.Length > 20, setting.Name));
    }

    [Fact]
    public void A_list_is_bounded()
    {
        var list = string.Join(',', Enumerable.Range(0, 1_001).Select(i => $"a{i}@contoso.com"));
        var (after, problem) = SettingCatalogue.Find("NeverTrack")!.Write(new TrackingSettings(), list);
        Assert.Null(after);
        Assert.Equal("NeverTrack: The list has 1001 entries; at most 1000 are allowed. Use domains instead of single addresses.", problem);
    }

    [Fact]
    public void A_preset_sets_what_differs_and_leaves_lists_and_prefixes_alone()
    {
        var ours = new TrackingSettings { TokenPrefixes = ["REF:"], Privacy = new PrivacySettings { BlockedSenders = ["bank.example"] } };
        var theirs = SettingCatalogue.Apply(ours, "Dynamics")!;
        Assert.False(theirs.Acceptance.AsksSyncingMailboxOnly || theirs.InternalMail.IsOneActivity || theirs.Queues.ForTrackedMail);
        Assert.Equal(RegardingFromSender.Off, theirs.Parties.RegardingFromSender);
        Assert.Equal(["REF:"], theirs.TokenPrefixes.AsEnumerable());
        Assert.Equal(["bank.example"], theirs.Privacy.BlockedSenders.AsEnumerable());
        Assert.All(SettingCatalogue.All, setting => Assert.Equal(setting.Read(ours), setting.Read(SettingCatalogue.Apply(theirs, "default")!)));
        Assert.Null(SettingCatalogue.Apply(ours, "ours"));
    }

    [Fact]
    public async Task The_options_of_a_mailbox_say_what_counts_and_who_forced_it()
    {
        var ana = Rows.Address("ana@contoso.com");
        _cluster.Mailboxes[ana] = new MailboxFacts(ana, null, IsQueue: false, FilterMethod.Replies, []);
        await Shell.RunAsync(
            _cluster, "settings", "set", "SSSForceFilteringMethodForUserMailboxes", "4", "--by", "Ops", "--why", "agreed with the works council");
        var list = (await Shell.RunAsync(_cluster, "settings", "list", "--mailbox", "ana@contoso.com")).Words;
        Assert.Contains("forced by", list, StringComparison.Ordinal);
        Assert.Contains("works council", list, StringComparison.Ordinal);

        var set = await Shell.RunAsync(
            _cluster, "settings", "set", "BlockedSenders", "bank.example", "--mailbox", "ana@contoso.com", "--by", "Ana", "--why", "my own");
        Assert.Equal(0, set.Code);
        Assert.Equal(["bank.example"], _cluster.Mailboxes[ana].Options.Blocked.AsEnumerable());
        Assert.Equal("bank.example", (await Shell.RunAsync(
            _cluster, "settings", "get", "blockedsenders", "--mailbox", "ana@contoso.com")).Output.Trim());
        Assert.Contains(
            "none -> bank.example", (await Shell.RunAsync(_cluster, "settings", "history", "--mailbox", "ana@contoso.com")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_chooses_all_mail_is_told_first_how_much_that_would_have_been()
    {
        var ana = Rows.Address("ana@contoso.com");
        _cluster.Mailboxes[ana] = new MailboxFacts(ana, null, IsQueue: false, FilterMethod.Replies, []);
        _cluster.LeftOut = 1234;
        string[] line = ["settings", "set", "IncomingEmailFilteringMethod", "0", "--mailbox", "ana@contoso.com"];
        var asked = await Shell.RunAsync(_cluster, line);
        Assert.NotEqual(0, asked.Code);
        Assert.Contains("this would have tracked 1,234 more emails of ana@contoso.com. Nothing was changed;", asked.Words, StringComparison.Ordinal);
        Assert.Equal(FilterMethod.Replies, _cluster.Mailboxes[ana].Filter);
        Assert.Equal(0, (await Shell.RunAsync(_cluster, [.. line, "--yes"])).Code);
        Assert.Equal(FilterMethod.All, _cluster.Mailboxes[ana].Filter);
    }

    [Fact]
    public void Old_prefixes_count_until_they_are_too_many()
    {
        var (prefix, settings) = (SettingCatalogue.Find("TrackingPrefix")!, new TrackingSettings());
        settings = prefix.Write(settings, "REF:").Settings!;
        Assert.Equal(["REF:", "CRM:"], settings.TokenPrefixes.AsEnumerable());
        Assert.Equal(["CRM:", "REF:"], prefix.Write(settings, "CRM:").Settings!.TokenPrefixes.AsEnumerable());
        for (var i = 0; i < 12; i++)
        {
            settings = prefix.Write(settings, $"abcdefghijklmnopqr{(char)('a' + i)}:").Settings!;
        }

        var (after, problem) = prefix.Write(settings, "another-one:");
        Assert.Null(after);
        Assert.Contains("Use one of those again", problem, StringComparison.Ordinal);
    }
}
