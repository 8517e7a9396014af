using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client.Commands;

/// <summary><c>settings list</c>, <c>get</c>, <c>set</c>, <c>preset</c> and <c>history</c>, of the organization or of one mailbox.</summary>
internal static class SettingsCommand
{
    public static Command Create(CommandHost host)
    {
        var command = host.Command(
            "settings",
            "Shows and sets the settings of the organization and the options of its mailboxes. Decisions made before stay as they are; each " +
            "says which version it rests on.",
            "emailtracking settings list",
            "emailtracking settings set AutoTrackSentFolderItems true",
            "emailtracking settings set IncomingEmailFilteringMethod 2 --mailbox ana@contoso.com",
            "emailtracking settings preset dynamics",
            "emailtracking settings history");
        command.Add(List(host));
        command.Add(Get(host));
        command.Add(Set(host));
        command.Add(Preset(host));
        command.Add(History(host));
        return command;
    }

    private static Command List(CommandHost host)
    {
        var mailbox = MailboxOptions.Mailbox();
        var command = host.Command(
            "list",
            "Lists every setting with its value; with --mailbox the options of one mailbox, and what the organization forces on it.",
            "emailtracking settings list",
            "emailtracking settings list --mailbox ana@contoso.com");
        command.Add(mailbox);
        host.Connected(command, async (parsed, client, token) =>
        {
            if (parsed.GetValue(mailbox) is { } one)
            {
                return await MailboxOptions.ListAsync(host, client, one, token);
            }

            var settings = await client.ReadSettingsAsync(token);
            var table = Show.Table("setting", "value", "default", "in Dynamics", "takes", "meaning");
            foreach (var setting in SettingCatalogue.All)
            {
                table.Row(
                    setting.Name, setting.Read(settings), setting.Default, setting.InDynamics ?? "-", setting.Range, setting.Meaning);
            }

            host.Console.Write(table);
            host.Console.Line($"Version {settings.Version}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Get(CommandHost host)
    {
        var (name, mailbox) = (Name(), MailboxOptions.Mailbox());
        var command = host.Command("get", "Prints the value of one setting, and nothing else.", "emailtracking settings get TrackingPrefix");
        command.Add(name);
        command.Add(mailbox);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(name)!;
            if (parsed.GetValue(mailbox) is { } one)
            {
                return await MailboxOptions.GetAsync(host, client, one, asked, token);
            }

            var setting = SettingCatalogue.Find(asked) ?? throw new WrongInputException(SettingCatalogue.Unknown(asked));
            host.Console.Line(setting.Read(await client.ReadSettingsAsync(token)));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Set(CommandHost host)
    {
        var (name, value, mailbox) = (Name(), new Argument<string>("VALUE") { Description = "Its new value" }, MailboxOptions.Mailbox());
        var (author, yes) = (new AuthorOptions(), MailboxOptions.Yes());
        var command = host.Command(
            "set",
            "Sets one setting, or with --mailbox one option; every silo decides by it from the next batch of mail on.",
            "emailtracking settings set AutoTrackSentFolderItems true",
            "emailtracking settings set SSSForceFilteringMethodForUserMailboxes 1 --why \"agreed with the works council\"",
            "emailtracking settings set BlockedSenders \"bank.example, doctor@clinic.example\" --mailbox ana@contoso.com");
        command.Add(name);
        command.Add(value);
        command.Add(mailbox);
        author.AddTo(command);
        command.Add(yes);
        host.Connected(command, async (parsed, client, token) =>
        {
            var (asked, text, by) = (parsed.GetValue(name)!, parsed.GetValue(value)!, author.Of(parsed));
            if (parsed.GetValue(mailbox) is { } one)
            {
                return await MailboxOptions.SetAsync(host, client, one, asked, text, by, parsed.GetValue(yes), token);
            }

            return SettingAnswers.Show(host, asked, await client.SetSettingAsync(asked, text, by, token));
        });
        return command;
    }

    private static Command Preset(CommandHost host)
    {
        var preset = new Argument<string>("PRESET") { Description = string.Join(" or ", SettingCatalogue.Presets) };
        var author = new AuthorOptions();
        var command = host.Command(
            "preset",
            "Sets what our own way of working and Dynamics' differ in. Lists and prefixes stay as they are.",
            "emailtracking settings preset dynamics",
            "emailtracking settings preset default");
        command.Add(preset);
        author.AddTo(command);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(preset)!;
            var answer = await client.ApplyPresetAsync(asked, author.Of(parsed), token);
            if (answer.Problem is not null)
            {
                return SettingAnswers.Show(host, asked, answer);
            }

            host.Console.Line(answer.Before == answer.After
                ? $"All settings are as preset {asked} wants them. Nothing was changed."
                : $"The settings are as preset {asked} wants them now. Version {answer.Version}; what changed: emailtracking settings history --top 1");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command History(CommandHost host)
    {
        var top = CommandHost.Number("--top", "How many versions at most", "N", 1, IOrganizationGrain.HistoryMax - 1, 50);
        var mailbox = MailboxOptions.Mailbox();
        var command = host.Command("history", "Shows who changed which setting, when and why.", "emailtracking settings history");
        command.Add(top);
        command.Add(mailbox);
        host.Connected(command, async (parsed, client, token) =>
        {
            var count = parsed.GetValue(top);
            if (parsed.GetValue(mailbox) is { } one)
            {
                return await MailboxOptions.HistoryAsync(host, client, one, count, token);
            }

            // One more, to tell what the oldest one that is shown has changed.
            var versions = await client.ReadSettingsHistoryAsync(count + 1, token);
            if (versions.IsEmpty)
            {
                host.Console.Line("Nobody changed a setting: all have their defaults.");
                return ExitCodes.Done;
            }

            var table = Show.Table("version", "when", "who", "what", "why");
            foreach (var (index, version) in versions.Take(count).Index())
            {
                var before = index + 1 < versions.Length ? versions[index + 1].Settings : new TrackingSettings();
                table.Row(
                    Words.Of(version.Settings.Version), Words.Of(version.ChangedOn), version.ChangedBy, SettingCatalogue.ChangesOf(before, version.Settings), version.Why);
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "The setting's name, in any case; see 'settings list'" };
}
