using System.CommandLine;
using EmailTracking.Client.RecordFiles;
using EmailTracking.Client.Rendering;
using EmailTracking.Organizations;

namespace EmailTracking.Client.Commands;

/// <summary><c>tables list</c>, <c>set</c>, <c>load</c> and <c>remove</c>: which columns of a CRM table hold addresses, name, owner and state.</summary>
internal static class TablesCommand
{
    public static Command Create(CommandHost host)
    {
        var command = host.Command(
            "tables",
            "Shows and describes the CRM tables whose records can be loaded. Dataverse's own are described already.",
            "emailtracking tables list",
            "emailtracking tables set new_site --email new_mail,new_backupmail --name new_name --owner ownerid --state statecode",
            "emailtracking tables load tables.json");
        command.Add(List(host));
        command.Add(Set(host));
        command.Add(Load(host));
        command.Add(Remove(host));
        return command;
    }

    private static Command List(CommandHost host)
    {
        var command = host.Command("list", "Lists the tables with their columns.", "emailtracking tables list");
        host.Connected(command, async (_, client, token) =>
        {
            var table = Show.Table("table", "e-mail", "name", "owner", "state", "takes activities", "described");
            foreach (var one in new KnownTables(await client.ReadTablesAsync(token)).All)
            {
                table.Row(
                    one.LogicalName,
                    string.Join(", ", one.EmailColumns),
                    one.NameColumn,
                    one.OwnerColumn,
                    one.StateColumn,
                    one.IsActivityEnabled ? "yes" : "no",
                    KnownTables.IsBuiltIn(one) ? "as Dataverse has it" : "for this organization");
            }

            host.Console.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Set(CommandHost host)
    {
        var name = Name();
        var email = new Option<string[]>("--email")
        {
            Description = $"Its e-mail columns, 1 to {TableDefinition.EmailColumnsMax}, separated by commas", HelpName = "COLUMN,…",
        };
        var (title, owner, state) = (
            Column("--name", "The column that names a record"),
            Column("--owner", "The column of the owning user, team or queue"),
            Column("--state", "The column that is 0 or false for an active record"));
        var activities = new Option<bool?>("--activities")
        {
            Description = "Whether its records take activities: mail is about them, and their addresses count [default: true]",
        };
        var command = host.Command(
            "set",
            "Describes a table; in force with the next batch of mail. What is not given stays as it was described before. " +
            "Records that are loaded keep the addresses that they were loaded with: load them again.",
            "emailtracking tables set new_site --email new_mail,new_backupmail --name new_name --owner ownerid --state statecode",
            "emailtracking tables set new_site --activities false");
        command.Add(name);
        foreach (var option in new Option[] { email, title, owner, state, activities })
        {
            command.Add(option);
        }

        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(name)!;
            var before = new KnownTables(await client.ReadTablesAsync(token)).Find(asked);
            if (before is null && (parsed.GetResult(email) is null || parsed.GetResult(title) is null))
            {
                throw new WrongInputException(
                    $"{asked} is new: name its e-mail columns and the column with its name. For example: emailtracking tables set {asked} --email new_mail --name new_name");
            }

            before ??= new TableDefinition { LogicalName = asked, EmailColumns = [], NameColumn = "" };
            var columns = (parsed.GetValue(email) ?? []).SelectMany(one => one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            var after = before with
            {
                EmailColumns = parsed.GetResult(email) is null ? before.EmailColumns : [.. columns],
                NameColumn = parsed.GetValue(title) ?? before.NameColumn,
                OwnerColumn = parsed.GetValue(owner) ?? before.OwnerColumn,
                StateColumn = parsed.GetValue(state) ?? before.StateColumn,
                IsActivityEnabled = parsed.GetResult(activities) is null ? before.IsActivityEnabled : parsed.GetValue(activities) ?? true,
            };
            await SaveAsync(client, after, token);
            host.Console.Line($"Table {asked}: e-mail in {string.Join(", ", after.EmailColumns)}. Load its records: emailtracking records load FILE");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Load(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "A .json file: an array with one object for each table" };
        var command = host.Command(
            "load",
            "Describes the tables of a file. It is checked first: with one wrong table none is described.",
            "emailtracking tables load tables.json",
            "",
            "Such a file:",
            "  [{\"logicalname\": \"new_site\", \"email\": [\"new_mail\", \"new_backupmail\"], \"name\": \"new_name\", \"owner\": \"ownerid\", \"state\": \"statecode\", \"activities\": true}]");
        command.Add(file);
        command.SetAction(async (parsed, token) =>
        {
            var tables = TableFile.Read(parsed.GetValue(file)!);
            await using var client = await host.ConnectAsync(parsed, token);
            foreach (var table in tables)
            {
                await SaveAsync(client, table, token);
            }

            host.Console.Line($"Described {Words.Of(tables.Length)} tables. See: emailtracking tables list");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Remove(CommandHost host)
    {
        var name = Name();
        var command = host.Command(
            "remove",
            "Forgets how a table was described; Dataverse's own are again what they were. Records that are loaded stay.",
            "emailtracking tables remove new_site");
        command.Add(name);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(name)!;
            if (!await client.RemoveTableAsync(asked, token))
            {
                throw new WrongInputException($"Nobody described a table {asked}. See: emailtracking tables list");
            }

            host.Console.Line($"Table {asked} is described no longer. Records of it that are loaded stay.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task SaveAsync(EmailTrackingClient client, TableDefinition table, CancellationToken token)
    {
        if (await client.SaveTableAsync(table, token) is { } problem)
        {
            throw new WrongInputException(problem);
        }
    }

    private static Argument<string> Name() => new("TABLE") { Description = "The table's logical name, for example new_site" };

    private static Option<string?> Column(string name, string description) => new(name) { Description = description, HelpName = "COLUMN" };
}
