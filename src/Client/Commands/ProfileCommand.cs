using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Connectors;

namespace EmailTracking.Client.Commands;

/// <summary><c>profile list</c>, <c>set</c> and <c>remove</c>: the mail servers that mailboxes are read from.</summary>
internal static class ProfileCommand
{
    public static Command Create(CommandHost host)
    {
        var command = host.Command(
            "profile",
            "Shows and sets server profiles: how the mail servers are reached that mailboxes are read from.",
            "emailtracking profile list",
            "emailtracking profile set office --host imap.contoso.com",
            "emailtracking profile set exchange --host outlook.office365.com --sign-in client-credentials \\",
            "    --token-endpoint https://login.microsoftonline.com/TENANT/oauth2/v2.0/token --client-id ID \\",
            "    --client-secret env:EXCHANGE_SECRET --scope https://outlook.office365.com/.default",
            "emailtracking profile remove office");
        command.Add(List(host));
        command.Add(Set(host));
        command.Add(Remove(host));
        return command;
    }

    private static Command List(CommandHost host)
    {
        var command = host.Command("list", "Lists the server profiles. Secrets are not shown, only where they are.", "emailtracking profile list");
        host.Connected(command, async (_, client, token) =>
        {
            var profiles = await client.ReadProfilesAsync(token);
            if (profiles.IsEmpty)
            {
                host.Console.Line("There are no server profiles. Make one: emailtracking profile set NAME --host HOST");
                return ExitCodes.Done;
            }

            var table = Show.Table("name", "server", "security", "sign-in", "token endpoint", "reads at once", "waits at once", "looks every", "mail since");
            foreach (var one in profiles)
            {
                table.Row(
                    one.Name,
                    $"{one.Host}:{one.Port}",
                    MailboxWords.Of(one.Security) + (one.CertificateAuthorities is { } file ? $", trusts {file}" : ""),
                    SignIn(one),
                    one.TokenEndpoint,
                    Words.Of(one.ConnectionsMax),
                    Words.Of(one.IdleMax),
                    $"{MailboxWords.Of(one.PollMin)} to {MailboxWords.Of(one.PollMax)}",
                    Days.Text(one.StartsOn));
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Set(CommandHost host)
    {
        var name = Name();
        var options = new ProfileOptions();
        var command = host.Command(
            "set",
            "Makes a server profile, or changes it: its mailboxes are read so from their next round on. What is not given stays as it is. " +
            "Secrets are never given themselves, only where the silos find them: env:NAME or file:PATH.",
            "emailtracking profile set office --host imap.contoso.com",
            "emailtracking profile set office --security starttls --port 143 --ca /etc/ssl/contoso.pem",
            "emailtracking profile set gmail --host imap.gmail.com --sign-in refresh-token \\",
            "    --token-endpoint https://oauth2.googleapis.com/token --client-id ID --client-secret file:/run/secrets/gmail",
            "emailtracking profile set office --since 2026-01-01");
        command.Add(name);
        options.AddTo(command);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(name)!;
            var standing = (await client.ReadProfilesAsync(token)).FirstOrDefault(one => one.Name == asked);
            var profile = options.Change(parsed, standing, asked);
            if (await client.SaveProfileAsync(profile, token) is { } problem)
            {
                throw new WrongInputException(problem);
            }

            host.Console.Line(
                $"Profile {asked} {(standing is null ? "is made" : "is set")}: {profile.Host}:{profile.Port}, {MailboxWords.Of(profile.Security)}, " +
                $"{SignIn(profile)}. Connect a mailbox: emailtracking mailbox connect ADDRESS --profile {asked}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Remove(CommandHost host)
    {
        var name = Name();
        var command = host.Command("remove", "Removes a server profile that no mailbox uses.", "emailtracking profile remove office");
        command.Add(name);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(name)!;
            if (await client.RemoveProfileAsync(asked, token) is { } problem)
            {
                throw new WrongInputException(problem);
            }

            host.Console.Line($"There is no profile {asked} any more.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static string SignIn(ServerProfile profile) =>
        MailboxWords.Of(profile.SignIn) + (profile.ClientSecret is { } secret ? $" ({MailboxWords.Secret(secret)})" : "");

    private static Argument<string> Name() => new("NAME") { Description = "The profile's name" };
}
