using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Mail;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary>How a mailbox is read: <c>mailbox connect</c>, <c>approve</c>, <c>reject</c>, <c>test</c>, <c>enable</c>, <c>disable</c>, <c>status</c> and <c>look</c>.</summary>
internal sealed class MailboxConnectionCommands
{
    private readonly CommandHost _host;

    private MailboxConnectionCommands(CommandHost host) => _host = host;

    /// <summary>Every one of these commands, in the order in which they are used.</summary>
    public static IEnumerable<Command> Create(CommandHost host)
    {
        var commands = new MailboxConnectionCommands(host);
        yield return commands.Connect();
        yield return commands.Approve("approve", "Allows a mailbox to be read.", AccessApproval.Approved);
        yield return commands.Approve("reject", "Says that a mailbox must not be read; reading ends.", AccessApproval.Rejected);
        yield return commands.Test();
        yield return commands.Enable("enable", "Has a mailbox read from now on, if that is approved.", isEnabled: true);
        yield return commands.Enable("disable", "Has a mailbox read no longer. What was tracked stays, and it goes on where it was when it is enabled again.", isEnabled: false);
        yield return commands.Status();
        yield return commands.Look();
    }

    private Command Connect()
    {
        var address = Address();
        var profile = new Option<string?>("--profile") { Description = "The server profile; needed the first time", HelpName = "NAME" };
        var user = new Option<string?>("--user") { Description = "The name to sign in with [default: the address]", HelpName = "NAME" };
        var secret = new Option<string?>("--secret")
        {
            Description = "Where the silos find the password or refresh token; '' when the profile's secret is enough", HelpName = "env:NAME|file:PATH",
        };
        var since = new Option<DateOnly?>("--since")
        {
            Description = "Read mail that the server received on this day or later [default: today]", HelpName = "DATE", CustomParser = Days.Parse,
        };
        var deletes = new Option<bool?>("--delete-processed")
        {
            Description = "Delete a queue's mail from the server once it is tracked; '--delete-processed false' keeps it",
        };
        var command = _host.Command(
            "connect",
            "Says how a mailbox is read. What is not given stays as it is, and so does whether it is approved and enabled. " +
            "The mailbox exists: emailtracking mailbox set ADDRESS --filter 1",
            "emailtracking mailbox connect ana@contoso.com --profile office --secret env:ANA_PASSWORD",
            "emailtracking mailbox connect support@contoso.com --profile exchange",
            "emailtracking mailbox connect info@contoso.com --profile office --user ana --secret file:/run/secrets/ana --since 2026-01-01");
        command.Add(address);
        foreach (var option in new Option[] { profile, user, secret, since, deletes })
        {
            command.Add(option);
        }

        _host.Connected(command, async (parsed, client, token) =>
        {
            var mailbox = parsed.GetValue(address)!.Value;
            var standing = (await client.ReadMailboxStatusAsync(mailbox, token))?.Connection;
            var before = standing ?? new MailboxConnection
            {
                Mailbox = mailbox,
                Profile = parsed.GetValue(profile) ?? throw new WrongInputException(
                    $"Mailbox {mailbox} has no server yet. Name one: emailtracking mailbox connect {mailbox} --profile NAME (emailtracking profile list shows them)"),
                UserName = mailbox.Value,
                StartsOn = DateOnly.FromDateTime(_host.Time.GetUtcNow().UtcDateTime),
                Approval = AccessApproval.Pending,
            };
            var after = before with
            {
                Profile = parsed.GetValue(profile) ?? before.Profile,
                UserName = parsed.GetValue(user) ?? before.UserName,
                Secret = parsed.GetValue(secret) switch { null => before.Secret, "" => null, var place => place },
                StartsOn = parsed.GetValue(since) ?? before.StartsOn,
                DeletesProcessed = parsed.GetResult(deletes) is null ? before.DeletesProcessed : parsed.GetValue(deletes) ?? true,
            };
            await SaveAsync(client, after, token);
            _host.Console.Line(
                $"Mailbox {mailbox} is read from profile {after.Profile} as {after.UserName}, mail since {Days.Text(after.StartsOn)}. {NextStep(after)}");
            return ExitCodes.Done;
        });
        return command;
    }

    private Command Approve(string name, string description, AccessApproval approval)
    {
        var address = Address();
        var by = new Option<string>("--by") { Description = "Who says so", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName };
        var command = _host.Command(name, description, $"emailtracking mailbox {name} ana@contoso.com", $"emailtracking mailbox {name} ana@contoso.com --by ben");
        command.Add(address);
        command.Add(by);
        _host.Connected(command, async (parsed, client, token) =>
        {
            var standing = (await ReadAsync(client, parsed.GetValue(address)!.Value, token)).Connection;
            var after = standing with { Approval = approval, ApprovedBy = parsed.GetValue(by) };
            await SaveAsync(client, after, token);
            _host.Console.Line($"Mailbox {after.Mailbox} is {MailboxWords.Of(approval)} by {after.ApprovedBy}. {NextStep(after)}");
            return ExitCodes.Done;
        });
        return command;
    }

    private Command Test()
    {
        var address = Address();
        var enable = new Option<bool>("--enable") { Description = "Enable the mailbox when the test goes well; it approves nothing" };
        var command = _host.Command(
            "test",
            "Opens a mailbox once, and tells what its server can do and which folders are there. Exit code 1: it cannot be opened, and why.",
            "emailtracking mailbox test ana@contoso.com",
            "emailtracking mailbox test ana@contoso.com --enable");
        command.Add(address);
        command.Add(enable);
        _host.Connected(command, async (parsed, client, token) =>
        {
            var mailbox = parsed.GetValue(address)!.Value;
            var connection = (await ReadAsync(client, mailbox, token)).Connection;
            var test = await client.TestMailboxAsync(mailbox, token);
            if (test.Abilities is not { } abilities)
            {
                throw new WrongInputException($"Mailbox {mailbox} cannot be opened: {test.Problem} {test.NextStep}".TrimEnd());
            }

            _host.Console.Line($"Mailbox {mailbox} can be read from profile {connection.Profile} as {connection.UserName}.");
            foreach (var sentence in MailboxWords.Of(abilities))
            {
                _host.Console.Line($"  {sentence}");
            }

            _host.Console.Line($"Folders: {string.Join(", ", test.Folders)}");
            if (parsed.GetValue(enable) && !connection.IsEnabled)
            {
                connection = connection with { IsEnabled = true };
                await SaveAsync(client, connection, token);
            }

            _host.Console.Line(NextStep(connection));
            return ExitCodes.Done;
        });
        return command;
    }

    private Command Enable(string name, string description, bool isEnabled)
    {
        var address = Address();
        var command = _host.Command(name, description, $"emailtracking mailbox {name} ana@contoso.com");
        command.Add(address);
        _host.Connected(command, async (parsed, client, token) =>
        {
            var standing = (await ReadAsync(client, parsed.GetValue(address)!.Value, token)).Connection;
            var after = standing with { IsEnabled = isEnabled };
            await SaveAsync(client, after, token);
            _host.Console.Line($"Mailbox {after.Mailbox} is {(isEnabled ? "enabled" : "disabled")}. {NextStep(after)}");
            return ExitCodes.Done;
        });
        return command;
    }

    private Command Status()
    {
        var address = Address();
        address.Arity = ArgumentArity.ZeroOrOne;
        var command = _host.Command(
            "status",
            "Tells how reading the mailboxes goes; of one mailbox also how far each folder was read.",
            "emailtracking mailbox status",
            "emailtracking mailbox status ana@contoso.com");
        command.Add(address);
        _host.Connected(command, async (parsed, client, token) =>
        {
            if (parsed.GetValue(address) is { } mailbox)
            {
                MailboxTables.Write(_host.Console, await ReadAsync(client, mailbox, token));
                return ExitCodes.Done;
            }

            var statuses = await client.ReadMailboxStatusesAsync(token);
            if (statuses.IsEmpty)
            {
                _host.Console.Line("No mailbox has a server. Connect one: emailtracking mailbox connect ADDRESS --profile NAME");
                return ExitCodes.Done;
            }

            MailboxTables.Write(_host.Console, statuses);
            return ExitCodes.Done;
        });
        return command;
    }

    private Command Look()
    {
        var address = Address();
        var command = _host.Command(
            "look",
            "Looks into a mailbox now, and waits until everything that is there was read. Exit code 1: reading needs somebody to change something; 75: it is tried again by itself.",
            "emailtracking mailbox look ana@contoso.com");
        command.Add(address);
        _host.Connected(command, async (parsed, client, token) =>
        {
            var mailbox = parsed.GetValue(address)!.Value;
            var connection = (await ReadAsync(client, mailbox, token)).Connection;
            if (connection is not { IsEnabled: true, Approval: AccessApproval.Approved })
            {
                throw new WrongInputException($"Mailbox {mailbox} is not read. {NextStep(connection)}");
            }

            var health = await LookAsync(client, mailbox, token);
            if (health?.State == MailboxState.Healthy)
            {
                _host.Console.Line($"Everything in mailbox {mailbox} was read.");
                return ExitCodes.Done;
            }

            _host.Errors.Line(
                health is null
                    ? $"Reading mailbox {mailbox} was broken off; it is gone on with by itself. See: emailtracking mailbox status {mailbox}"
                    : $"Mailbox {mailbox} cannot be read: {health.Problem} {health.NextStep}".TrimEnd(),
                Color.Red);
            return health?.State == MailboxState.Stopped ? ExitCodes.WrongInput : ExitCodes.TryAgain;
        });
        return command;
    }

    private static async Task<MailboxHealth?> LookAsync(EmailTrackingClient client, EmailAddress mailbox, CancellationToken token)
    {
        try
        {
            return await client.LookIntoMailboxAsync(mailbox, token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            // The silo that read it stops, and another one goes on.
            return null;
        }
    }

    private static async Task<MailboxStatus> ReadAsync(EmailTrackingClient client, EmailAddress mailbox, CancellationToken token) =>
        await client.ReadMailboxStatusAsync(mailbox, token) ?? throw new WrongInputException(
            $"Mailbox {mailbox} has no server. Connect it: emailtracking mailbox connect {mailbox} --profile NAME");

    private static async Task SaveAsync(EmailTrackingClient client, MailboxConnection connection, CancellationToken token)
    {
        if (await client.ConnectMailboxAsync(connection, token) is { } problem)
        {
            throw new WrongInputException(problem);
        }
    }

    private static string NextStep(MailboxConnection connection) => connection switch
    {
        { Approval: AccessApproval.Rejected } => $"It must not be read. To allow it: emailtracking mailbox approve {connection.Mailbox}",
        { Approval: not AccessApproval.Approved } => $"It is not approved yet: emailtracking mailbox approve {connection.Mailbox}",
        { IsEnabled: false } => $"It is not enabled: emailtracking mailbox test {connection.Mailbox} --enable",
        _ => $"It is read now. See: emailtracking mailbox status {connection.Mailbox}",
    };

    private static Argument<EmailAddress?> Address() =>
        new("ADDRESS") { Description = "The mailbox's address", CustomParser = ListCommand.Address };
}
