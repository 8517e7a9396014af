using System.CommandLine;
using EmailTracking.Access;
using EmailTracking.Client.Rendering;

namespace EmailTracking.Client.Commands;

/// <summary><c>principal set</c>, <c>list</c> and <c>remove</c>: what people are who sign in with the identity provider.</summary>
internal static class PrincipalCommand
{
    public static Command Create(CommandHost host)
    {
        var command = host.Command(
            "principal",
            "Says what people are who sign in with the identity provider; nobody else of its people is let in.",
            "emailtracking principal set SUBJECT --name Ana --role user --user 11111111-2222-3333-4444-555555555555",
            "emailtracking principal list",
            "emailtracking principal remove SUBJECT");
        command.Add(Set(host));
        command.Add(List(host));
        command.Add(Remove(host));
        return command;
    }

    private static Command Set(CommandHost host)
    {
        var subject = Subject();
        var name = new Option<string?>("--name") { Description = "What people know them by [default: as it stands, else the subject]", HelpName = "NAME" };
        var role = AccessOptions.Role();
        var user = AccessOptions.User("The user that they are: that user's mailboxes are their own");
        var teams = new Option<Guid[]>("--team") { Description = "A team of that user; repeat it for more", HelpName = "ID", AllowMultipleArgumentsPerToken = false };
        var by = AccessOptions.By();
        var command = host.Command(
            "set",
            "Says what somebody is; what was said before is replaced. In force with their next request.",
            "emailtracking principal set 8f2c --name Ben --role operator");
        command.Add(subject);
        command.Add(name);
        command.Add(role);
        command.Add(user);
        command.Add(teams);
        command.Add(by);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(subject)!;
            var called = parsed.GetValue(name) ?? (await client.ReadPeopleAsync(token)).FirstOrDefault(one => one.Subject == asked)?.Name ?? asked;
            var person = new SignedIn(
                asked,
                called,
                AccessOptions.RoleOf(parsed.GetValue(role)),
                parsed.GetValue(user),
                [.. (parsed.GetValue(teams) ?? []).Distinct()],
                parsed.GetValue(by)!,
                host.Time.GetUtcNow());
            if (await client.SavePersonAsync(person, token) is { } problem)
            {
                throw new WrongInputException(problem);
            }

            host.Console.Line($"{called} is {AccessCheck.Word(person.Role)}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command List(CommandHost host)
    {
        var command = host.Command("list", "Lists what people are who sign in.", "emailtracking principal list");
        host.Connected(command, async (_, client, token) =>
        {
            var people = await client.ReadPeopleAsync(token);
            if (people.IsEmpty)
            {
                host.Console.Line("Nobody is let in yet. Say what somebody is: emailtracking principal set SUBJECT --role ROLE");
                return ExitCodes.Done;
            }

            var table = Show.Table("subject", "name", "role", "user", "teams", "set");
            foreach (var one in people)
            {
                table.Row(
                    one.Subject, one.Name, AccessCheck.Word(one.Role), one.SystemUser?.ToString(), string.Join(", ", one.Teams),
                    $"{Words.Of(one.ChangedOn)} by {one.ChangedBy}");
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Remove(CommandHost host)
    {
        var subject = Subject();
        var command = host.Command("remove", "Forgets what somebody is: they are let in no more.", "emailtracking principal remove SUBJECT");
        command.Add(subject);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(subject)!;
            if (!await client.RemovePersonAsync(asked, token))
            {
                throw new WrongInputException($"Nobody said what '{asked}' is. See: emailtracking principal list");
            }

            host.Console.Line($"'{asked}' is let in no more.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Argument<string> Subject() => new("SUBJECT") { Description = "What the identity provider calls them: the claim 'sub' of their token" };
}
