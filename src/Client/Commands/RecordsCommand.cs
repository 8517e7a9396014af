using System.CommandLine;
using EmailTracking.Client.RecordFiles;
using EmailTracking.Client.Rendering;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary><c>records</c>: CRM records, mailboxes and tracked folders out of a file, and what becomes of records.</summary>
internal static class RecordsCommand
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(3);

    public static Command Create(CommandHost host)
    {
        var file = new Argument<string>("FILE") { Description = "A .csv file with a header line, or a .jsonl file with one object a line; UTF-8" };
        string[] examples =
        [
            "emailtracking records load contacts.csv",
            "emailtracking records load directory.jsonl",
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
            "ownerid, createdon; for a mailbox address, owner, queue, filter; for a mailboxtrackingfolder mailbox, folder, regardingobjectid.",
            examples);
        load.Add(file);
        load.SetAction((parsed, token) => LoadAsync(host, parsed, parsed.GetValue(file)!, token));
        var command = host.Command("records", "Loads the CRM records that mail is about and from, and says what became of them.", examples);
        command.Add(load);
        foreach (var act in RecordLifeCommands.Create(host))
        {
            command.Add(act);
        }

        return command;
    }

    private static async Task<int> LoadAsync(CommandHost host, ParseResult parsed, string file, CancellationToken token)
    {
        var check = RecordCheck.Of(RecordFile.Read(file));
        if (check.ProblemCount > 0)
        {
            foreach (var problem in check.Problems)
            {
                host.Errors.Line($"{file}, {problem}", Color.Red);
            }

            host.Errors.Line($"{Words.Of(check.ProblemCount)} lines are wrong. Nothing was loaded; correct them and load the file again.");
            return ExitCodes.WrongInput;
        }

        await using var client = await host.ConnectAsync(parsed, token);
        var mailboxes = await RecordLoader.LoadAsync(client, file, check, Progress(host, check.RecordCount), token);
        host.Console.Line($"Loaded {Words.Of(check.RecordCount)} records, and set {Words.Of(mailboxes)} mailboxes.");
        if (!check.IgnoredFields.IsEmpty)
        {
            host.Console.Line($"Fields that are not read: {string.Join(", ", check.IgnoredFields)}");
        }

        return ExitCodes.Done;
    }

    private static Action<long> Progress(CommandHost host, long count)
    {
        var said = host.Time.GetTimestamp();
        return saved =>
        {
            if (host.Time.GetElapsedTime(said) > LineInterval)
            {
                host.Errors.Line($"{Words.Of(saved)} of {Words.Of(count)} records");
                said = host.Time.GetTimestamp();
            }
        };
    }
}
