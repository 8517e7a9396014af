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
        Assert.All(SettingDefinition.All, setting => Assert.Contains(setting.Name[..12], list, StringComparison.Ordinal));
        Assert.Equal(SettingDefinition.All.Select(setting => setting.Name).Order(StringComparer.Ordinal), SettingDefinition.All.Select(setting => setting.Name));
    }

    [Theory]
    [InlineData("AutoTrackSentFolderItems", "true")]
    [InlineData("TrackingPrefix", "Case#")]
    [InlineData("UnresolveEmailAddressIfMultipleMatch", "true")]
    [InlineData("UnresolveSenderInCaseOfMultipleMatch", "true")]
    public void A_value_that_is_written_is_read_and_moves_no_other_setting(string name, string value)
    {
        var after = SettingDefinition.Find(name)!.Write(new TrackingSettings(), value).Settings!;
        Assert.All(SettingDefinition.All, setting => Assert.Equal(setting.Name == name ? value : setting.Default, setting.Read(after)));
        Assert.NotEqual(SettingDefinition.Find(name)!.Default, value);
    }

    [Fact]
    public void Old_prefixes_count_until_they_are_too_many()
    {
        var (prefix, settings) = (SettingDefinition.Find("TrackingPrefix")!, new TrackingSettings());
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
