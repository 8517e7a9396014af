using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Commands;

/// <summary>What <c>settings</c> does with <c>--mailbox</c>: the personal options of a user, or of a queue.</summary>
internal static class MailboxOptions
{
    public static Option<EmailAddress?> Mailbox() => new("--mailbox")
    {
        Description = "The options of this mailbox, instead of the organization's settings", HelpName = "ADDRESS", CustomParser = ListCommand.Address,
    };

    public static Option<bool> Yes() => new("--yes") { Description = "Do not ask: do it, however many mails it would add" };

    public static async Task<int> ListAsync(CommandHost host, EmailTrackingClient client, EmailAddress address, CancellationToken token)
    {
        var answer = await ReadAsync(client, address, token);
        var table = Show.Table("option", "value", "counts", "default", "in Dynamics", "takes", "meaning");
        foreach (var option in MailboxOption.All)
        {
            table.Row(
                option.Name, option.Read(answer.Mailbox), Counts(option, answer), option.Default, option.InDynamics ?? "-", option.Range, option.Meaning);
        }

        host.Console.Write(table);
        return ExitCodes.Done;
    }

    public static async Task<int> GetAsync(
        CommandHost host, EmailTrackingClient client, EmailAddress address, string name, CancellationToken token)
    {
        var option = MailboxOption.Find(name) ?? throw new WrongInputException(
            $"There is no option '{name}' of a mailbox. Options: {string.Join(", ", MailboxOption.All.Select(one => one.Name))}.");
        host.Console.Line(option.Read((await ReadAsync(client, address, token)).Mailbox));
        return ExitCodes.Done;
    }

    public static async Task<int> SetAsync(
        CommandHost host,
        EmailTrackingClient client,
        EmailAddress address,
        string name,
        string value,
        Author author,
        bool isSure,
        CancellationToken token)
    {
        if (!isSure && await AddsAsync(client, address, name, value, token) is { } count and > 0)
        {
            host.Console.Line(
                $"In the last 30 days this would have tracked {Words.Of(count)} more emails of {address}. Nothing was changed; " +
                "if that is what you want, say it again with --yes.");
            return ExitCodes.WrongInput;
        }

        return SettingAnswers.Show(host, name, await client.SetMailboxOptionAsync(address, name, value, author, token));
    }

    public static async Task<int> HistoryAsync(
        CommandHost host, EmailTrackingClient client, EmailAddress address, int count, CancellationToken token)
    {
        var changes = await client.ReadMailboxChangesAsync(address, count, token);
        if (changes.IsEmpty)
        {
            host.Console.Line($"Nobody changed an option or a folder rule of {address}.");
            return ExitCodes.Done;
        }

        var table = Show.Table("when", "who", "what", "why");
        foreach (var change in changes)
        {
            table.Row(Words.Of(change.ChangedOn), change.ChangedBy, $"{change.Name}: {change.Before} -> {change.After}", change.Why);
        }

        host.Console.Write(table);
        return ExitCodes.Done;
    }

    // Who chooses all mail is told first what that would have been.
    private static async Task<long?> AddsAsync(
        EmailTrackingClient client, EmailAddress address, string name, string value, CancellationToken token) =>
        MailboxOption.Find(name)?.Name == MailboxOption.Filter && value == "0" &&
        (await ReadAsync(client, address, token)).Mailbox.Filter != FilterMethod.All
            ? await client.CountLeftOutAsync(address, token)
            : null;

    private static async Task<MailboxOptionsAnswer> ReadAsync(EmailTrackingClient client, EmailAddress address, CancellationToken token) =>
        await client.ReadMailboxOptionsAsync(address, token)
            ?? throw new WrongInputException($"There is no mailbox {address}. See: emailtracking mailbox list");

    private static string Counts(MailboxOption option, MailboxOptionsAnswer answer)
    {
        if (option.Name == MailboxOption.Filter && answer is { FilterForced: { } by, Settings.Acceptance.ForcedUserFilter: { } forced })
        {
            var why = by.Why is null ? "" : $": {by.Why}";
            return $"no: {(int)forced} is forced by {by.ChangedBy} on {Words.Of(by.ChangedOn)}{why} (SSSForceFilteringMethodForUserMailboxes)";
        }

        return option.Name == "AutoTrackSentFolderItems" && answer.Mailbox.Options.TracksSentItems is null
            ? $"the organization's: {(answer.Settings.TracksSentItems ? "true" : "false")}"
            : "yes";
    }
}
