using System.CommandLine;
using EmailTracking.Access;
using EmailTracking.Client.Rendering;

namespace EmailTracking.Client.Commands;

/// <summary><c>key create</c>, <c>list</c> and <c>revoke</c>: the keys of programs that use the API.</summary>
internal static class KeyCommand
{
    private const int DaysStandard = 90;

    public static Command Create(CommandHost host)
    {
        var command = host.Command(
            "key",
            "Makes, lists and revokes the keys that programs show at the API.",
            "emailtracking key create 'mail archive' --role administrator --scope delivermail --days 30",
            "emailtracking key list",
            "emailtracking key revoke 0123456789abcdef");
        command.Add(New(host));
        command.Add(List(host));
        command.Add(Revoke(host));
        return command;
    }

    private static Command New(CommandHost host)
    {
        var name = new Argument<string>("NAME") { Description = "What the key is for" };
        var role = AccessOptions.Role();
        var user = AccessOptions.User("The user that the key stands for: their mailboxes are its own");
        var scopes = new Option<string[]>("--scope")
        {
            Description = "Only this of what the role may; repeat it for more [default: all]", HelpName = "PRIVILEGE", AllowMultipleArgumentsPerToken = false,
        };
        var days = CommandHost.Number("--days", "How long it is valid", "DAYS", 1, ApiKey.ValidMax.Days, DaysStandard);
        var by = AccessOptions.By();
        var command = host.Command(
            "create",
            "Makes a key and shows it, once. What the roles may is in docs/api.md.",
            "emailtracking key create 'nightly report' --role reader --user 11111111-2222-3333-4444-555555555555");
        command.Add(name);
        command.Add(role);
        command.Add(user);
        command.Add(scopes);
        command.Add(days);
        command.Add(by);
        host.Connected(command, async (parsed, client, token) =>
        {
            var request = new KeyRequest(
                parsed.GetValue(name)!,
                AccessOptions.RoleOf(parsed.GetValue(role)),
                parsed.GetValue(user),
                [.. (parsed.GetValue(scopes) ?? []).Select(AccessOptions.ScopeOf)],
                TimeSpan.FromDays(parsed.GetValue(days)),
                parsed.GetValue(by)!);
            var made = await client.CreateKeyAsync(request, token);
            if (made is not { Key: { } key, Text: { } text })
            {
                throw new WrongInputException(made.Problem!);
            }

            // The key alone, so that a script can take it.
            host.Console.Line(text);
            host.Errors.Line(
                $"This is shown once; keep it where secrets are kept. Key {key.Id} is valid until {Words.Of(key.ExpiresOn)}. " +
                "Send it as 'Authorization: Bearer KEY'.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command List(CommandHost host)
    {
        var command = host.Command("list", "Lists the keys, latest first. Their secrets are nowhere.", "emailtracking key list");
        host.Connected(command, async (_, client, token) =>
        {
            var keys = await client.ReadKeysAsync(token);
            if (keys.IsEmpty)
            {
                host.Console.Line("There are no keys. Make one: emailtracking key create NAME --role ROLE");
                return ExitCodes.Done;
            }

            var table = Show.Table("id", "name", "role", "user", "only", "made", "valid until", "last used", "revoked");
            foreach (var key in keys)
            {
                table.Row(
                    key.Id,
                    key.Name,
                    AccessCheck.Word(key.Role),
                    key.SystemUser?.ToString(),
                    string.Join(", ", key.Scopes.Select(scope => AccessCheck.Word(scope))),
                    $"{Words.Of(key.CreatedOn)} by {key.CreatedBy}",
                    Words.Of(key.ExpiresOn),
                    key.LastUsedOn is { } used ? Words.Of(used) : "never",
                    key.RevokedOn is { } revoked ? $"{Words.Of(revoked)} by {key.RevokedBy}" : "");
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Revoke(CommandHost host)
    {
        var id = new Argument<string>("ID") { Description = "The key's id, as 'key list' shows it" };
        var by = AccessOptions.By();
        var command = host.Command("revoke", "Revokes a key: it is not taken from now on.", "emailtracking key revoke 0123456789abcdef");
        command.Add(id);
        command.Add(by);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(id)!;
            if (!await client.RevokeKeyAsync(asked, parsed.GetValue(by)!, token))
            {
                throw new WrongInputException($"There is no key {asked}. See: emailtracking key list");
            }

            host.Console.Line($"Key {asked} is revoked.");
            return ExitCodes.Done;
        });
        return command;
    }
}
