using System.Reflection;
using System.Text;
using EmailTracking.Organizations;

namespace EmailTracking.Tests.Unit.Settings;

/// <summary>What <c>docs/settings.md</c> says: made from the catalogue and from the tests that show effects.</summary>
internal static class SettingsDocument
{
    /// <summary>The test that shows the effect of a setting; null when there is none.</summary>
    public static string? TestOf(string name) => typeof(SettingsDocument).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
        .Where(method => method.GetCustomAttributes<ShowsSettingAttribute>().Any(shows => shows.Name == name))
        .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")
        .Order(StringComparer.Ordinal)
        .FirstOrDefault();

    public static string Text()
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Settings

            Of the organization: `emailtracking settings list`, `set`, `preset` and `history`. Every silo decides by a change from its next
            batch of mail on, and every decision names the version of the settings that it rests on. A value that makes no sense is refused
            and changes nothing. The presets `default` and `dynamics` set what our way of working and Dynamics' differ in. The silo's own
            options, such as ports and bounds, are in [options.md](options.md).

            | name | meaning | takes | default | in Dynamics | shown by |
            |---|---|---|---|---|---|

            """);
        foreach (var setting in SettingCatalogue.All)
        {
            Row(text, setting.Name, setting.Meaning, setting.Range, setting.Default, setting.InDynamics ?? "no such setting, or not documented", TestOf(setting.Name));
        }

        text.Append(
            """

            ## Options of a mailbox

            Of one user, or of one queue: the same commands with `--mailbox ADDRESS`.

            | name | meaning | takes | default | in Dynamics | shown by |
            |---|---|---|---|---|---|

            """);
        foreach (var option in MailboxOption.All)
        {
            Row(text, option.Name, option.Meaning, option.Range, option.Default, option.InDynamics ?? "no such option", TestOf($"mailbox {option.Name}"));
        }

        text.Append(
            """

            ## Settings of Dynamics that have no effect here

            | name | in Dynamics | why |
            |---|---|---|

            """);
        foreach (var setting in UnsupportedSetting.All)
        {
            Row(text, setting.Name, setting.InDynamics, setting.Reason);
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Row(StringBuilder text, string name, params string?[] cells) =>
        text.Append("| `").Append(name).Append("` | ").AppendJoin(" | ", cells.Select(cell => cell?.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
