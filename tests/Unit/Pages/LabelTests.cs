using EmailTracking.Organizations;
using EmailTracking.Silo.Pages.Options;
using EmailTracking.Silo.Pages.Settings;

namespace EmailTracking.Tests.Unit.Pages;

public class LabelTests
{
    [Fact]
    public void Every_setting_has_one_place_and_one_label_on_the_page()
    {
        var labels = SettingLabels.Sections.SelectMany(section => section.Labels).ToList();
        Assert.Equal(SettingCatalogue.All.Select(setting => setting.Name), labels.Select(label => label.Name).Order(StringComparer.Ordinal));
        Assert.Equal(labels.Count, labels.Select(label => label.Label).Distinct().Count());
        Assert.All(labels.Where(label => label.IsInverted), label => Assert.Equal(ValueKind.Switch, label.Definition.Kind));
    }

    [Fact]
    public void What_an_editor_offers_is_what_a_setting_takes()
    {
        foreach (var setting in SettingCatalogue.All)
        {
            string[] offered = setting.Kind switch
            {
                ValueKind.OnOff => ["true", "false"],
                ValueKind.Choice choice => [.. choice.Values],
                ValueKind.Number number => [$"{number.Min}", $"{number.Max}"],
                ValueKind.List => ["none"],
                _ => [setting.Default],
            };
            Assert.All(offered, value => Assert.Equal(value, setting.Read(setting.Write(new(), value).Settings!)));
        }
    }

    [Fact]
    public void Every_option_is_on_the_page() =>
        Assert.Equal(MailboxOption.All.Select(option => option.Name), OptionWords.All.Select(option => option.Name).Order(StringComparer.Ordinal));
}
