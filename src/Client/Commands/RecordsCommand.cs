using System.CommandLine;
using EmailTracking.Client.RecordFiles;
using EmailTracking.Client.Rendering;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary><c>records</c>: CRM records, mailboxes and tracked folders out of a file, and what becomes of records.</summary>
internal static class RecordsCommand
{
    private const int RelinkedMax = 100;

    public static Command Create(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "A .csv file with a header line, or a .jsonl file with one object a line; UTF-8" };
        string[] examples =
        [
            "emailtracking records load contacts.csv",
            "emailtracking records load directory.jsonl",
            "emailtracking records load directory.jsonl --yes",
            "",
            "A .csv file:",
            "  logicalname,name,emailaddress1",
            "  contact,Ana Silva,ana@fabrikam.example",
            "A .jsonl file:",
            "  {\"logicalname\":\"queue\",\"name\":\"Support\",\"emailaddress1\":\"support@contoso.com\"}",
            "  {\"logicalname\":\"mailbox\",\"address\":\"support@contoso.com\",\"queue\":true,\"filter\":0}",
            "  {\"logicalname\":\"mailboxtrackingfolder\",\"mailbox\":\"bo@contoso.com\",\"folder\":\"Fabrikam\",\"regardingobjectid\":\"account/3f2504e0-4f89-11d3-9a0c-0305e82c3301\"}",
        ];
        var load = host.Command(
            "load",
            "Loads CRM records, mailboxes and tracked folders. The whole file is checked first: with one wrong line nothing is loaded. " +
            "Fields: logicalname, id (computed from the name when absent), name, emailaddress1 to 3 or addresses, statecode (0 is active), " +
            "ownerid, createdon, customerid, parentcustomerid or parentcontactid (TABLE/ID); for a table of your own the columns that " +
            "'tables set' names; for a mailbox address, owner, queue, filter; for a mailboxtrackingfolder mailbox, folder, regardingobjectid.",
            examples);
        var yes = new Option<bool>("--yes")
        {
            Description = $"Load it without looking first whether that may link more than {RelinkedMax} emails anew",
        };
        load.Add(file);
        load.Add(yes);
        load.SetAction((parsed, token) => LoadAsync(host, parsed, parsed.GetValue(file)!, parsed.GetValue(yes), token));
        var command = host.Command(
            "records", "Loads the CRM records that mail is about and from, says what became of them, and loads emails that were tracked before.", examples);
        command.Add(load);
        command.Add(PastEmailsCommand.Create(host));
        foreach (var act in RecordLifeCommands.Create(host))
        {
            command.Add(act);
        }

        return command;
    }

    private static async Task<int> LoadAsync(CommandHost host, ParseResult parsed, string file, bool isSure, CancellationToken token)
    {
        // What is no file of records is said without a cluster.
        _ = RecordFile.Read(file);
        await using var client = await host.ConnectAsync(parsed, token);
        var (check, relinked, mailboxes) = await LoadProgress.ShowAsync(host.Errors, host.Time, async progress =>
        {
            var tables = new KnownTables(await client.ReadTablesAsync(token));
            var found = RecordCheck.Of(RecordFile.Read(file, progress.Part("Checking")), tables);
            if (found.ProblemCount > 0)
            {
                return (found, 0, 0);
            }

            var touched = isSure
                ? 0
                : await RecordLoader.PreviewAsync(client, file, found, progress.Count("Looking for their mail", found.RecordCount, "records"), token);
            return touched > RelinkedMax
                ? throw new WrongInputException(
                    $"That may link {CountOf(touched)} emails anew. Nothing was loaded; to load it: emailtracking records load {file} --yes")
                : (found, touched, await RecordLoader.LoadAsync(client, file, found, progress.Count("Loading", found.RecordCount, "records"), token));
        });
        if (check.ProblemCount > 0)
        {
            host.WriteWrongLines(file, check.Problems, check.ProblemCount);
            return ExitCodes.WrongInput;
        }

        Write(host.Console, check, relinked, mailboxes);
        return ExitCodes.Done;
    }

    private static string CountOf(int relinked) =>
        relinked < IOrganizationGrain.RelinkedMax ? Words.Of(relinked) : $"{Words.Of(relinked)} or more";

    private static void Write(IAnsiConsole console, RecordCheck check, int relinked, long mailboxes)
    {
        console.Line($"Loaded {Words.Of(check.RecordCount)} records, and set {Words.Of(mailboxes)} mailboxes.");
        if (relinked > 0)
        {
            console.Line($"Up to {Words.Of(relinked)} emails are linked again in the background.");
        }

        if (!check.IgnoredFields.IsEmpty)
        {
            console.Line($"Fields that are not read: {string.Join(", ", check.IgnoredFields)}");
        }

        if (!check.Shared.IsEmpty)
        {
            console.Line($"Addresses of more than {Parties.MatchesMax} records: mail from or to them means none of these.");
            foreach (var (address, records) in check.Shared)
            {
                console.Line($"  {address}: shared by {Words.Of(records)} records");
            }
        }
    }
}
