using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary><c>settings list</c>, <c>get</c>, <c>set</c> and <c>history</c>.</summary>
internal static class SettingsCommand
{
    public static Command Create(CommandHost host)
    {
        var command = host.Command(
            "settings",
            "Shows and sets the settings of the organization. Decisions made before stay as they are; each says which version it rests on.",
            "emailtracking settings list",
            "emailtracking settings set AutoTrackSentFolderItems true",
            "emailtracking settings history");
        command.Add(List(host));
        command.Add(Get(host));
        command.Add(Set(host));
        command.Add(History(host));
        return command;
    }

    private static Command List(CommandHost host)
    {
        var command = host.Command("list", "Lists every setting with its value.", "emailtracking settings list");
        host.Connected(command, async (_, client, token) =>
        {
            var settings = await client.ReadSettingsAsync(token);
            var table = Show.Table("setting", "value", "default", "in Dynamics", "takes", "meaning");
            foreach (var one in SettingDefinition.All)
            {
                table.Row(one.Name, one.Read(settings), one.Default, one.DefaultInDynamics, one.Range, one.Meaning);
            }

            host.Console.Write(table);
            host.Console.Line($"Version {settings.Version}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Get(CommandHost host)
    {
        var name = Name();
        var command = host.Command("get", "Prints the value of one setting, and nothing else.", "emailtracking settings get TrackingPrefix");
        command.Add(name);
        host.Connected(command, async (parsed, client, token) =>
        {
            var setting = SettingDefinition.Find(parsed.GetValue(name)!)
                ?? throw new WrongInputException(SettingDefinition.Unknown(parsed.GetValue(name)!));
            host.Console.Line(setting.Read(await client.ReadSettingsAsync(token)));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Set(CommandHost host)
    {
        var (name, value) = (Name(), new Argument<string>("VALUE") { Description = "Its new value" });
        var by = new Option<string>("--by")
        {
            Description = "Who changes it", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName,
        };
        var command = host.Command(
            "set",
            "Sets one setting; every silo decides by it from the next batch of mail on.",
            "emailtracking settings set AutoTrackSentFolderItems true",
            "emailtracking settings set TrackingPrefix REF:");
        command.Add(name);
        command.Add(value);
        command.Add(by);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(name)!;
            var answer = await client.SetSettingAsync(asked, parsed.GetValue(value)!, parsed.GetValue(by)!, token);
            if (answer.Problem is { } problem)
            {
                host.Errors.Line(problem, Color.Red);
                return ExitCodes.WrongInput;
            }

            host.Console.Line(answer.Before == answer.After
                ? $"{asked} is {answer.After} already. Nothing was changed."
                : $"{asked} is {answer.After} now; it was {answer.Before}. Version {answer.Version}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command History(CommandHost host)
    {
        var top = CommandHost.Number("--top", "How many versions at most", "N", 1, IOrganizationGrain.HistoryMax - 1, 50);
        var command = host.Command("history", "Shows who changed which setting, and when.", "emailtracking settings history");
        command.Add(top);
        host.Connected(command, async (parsed, client, token) =>
        {
            // One more, to tell what the oldest one that is shown has changed.
            var count = parsed.GetValue(top);
            var versions = await client.ReadSettingsHistoryAsync(count + 1, token);
            if (versions.IsEmpty)
            {
                host.Console.Line("Nobody changed a setting: all have their defaults.");
                return ExitCodes.Done;
            }

            var table = Show.Table("version", "when", "who", "what");
            foreach (var (index, version) in versions.Take(count).Index())
            {
                var before = index + 1 < versions.Length ? versions[index + 1].Settings : new TrackingSettings();
                table.Row(
                    Words.Of(version.Settings.Version), Words.Of(version.ChangedOn), version.ChangedBy, Changes(before, version));
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "The setting's name, in any case; see 'settings list'" };

    private static string Changes(TrackingSettings before, SettingsVersion version) => string.Join(", ", SettingDefinition.All
        .Where(one => one.Read(before) != one.Read(version.Settings))
        .Select(one => $"{one.Name}: {one.Read(before)} -> {one.Read(version.Settings)}"));
}
