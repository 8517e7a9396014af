using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary><c>records show</c>, <c>merge</c>, <c>convert</c>, <c>deactivate</c>, <c>activate</c> and <c>delete</c>.</summary>
internal sealed class RecordLifeCommands
{
    private const int TouchedMax = 100;
    private const string Example = "contact/3f2504e0-4f89-11d3-9a0c-0305e82c3301";
    private const string Other = "contact/6fa459ea-ee8a-3ca4-894e-db77e160355e";

    private readonly CommandHost _host;

    private RecordLifeCommands(CommandHost host) => _host = host;

    /// <summary>Every one of these commands, in the order in which help lists them.</summary>
    public static IEnumerable<Command> Create(CommandHost host)
    {
        var commands = new RecordLifeCommands(host);
        yield return commands.Show();
        yield return commands.Of(
            "merge",
            "Merges a record into another of its table, for good: its addresses and the mail about it belong to the other one from then on.",
            ["RECORD", "MASTER"],
            [$"emailtracking records merge {Example} {Other}"],
            (client, records, token) => client.MergeRecordsAsync(records[0], records[1], token));
        yield return commands.Of(
            "convert",
            "A lead became another record: mail about the lead is about that one from then on.",
            ["LEAD", "RECORD"],
            [$"emailtracking records convert lead/3f2504e0-4f89-11d3-9a0c-0305e82c3301 {Other}"],
            (client, records, token) => client.ConvertRecordAsync(records[0], records[1], token));
        yield return commands.Of(
            "deactivate",
            "Deactivates a record: active ones with the same address go before it, and a disabled user is nobody.",
            ["RECORD"],
            [$"emailtracking records deactivate {Example}"],
            (client, records, token) => client.SetRecordStateAsync(records[0], isActive: false, token));
        yield return commands.Of(
            "activate",
            "Activates a record again; of a converted lead the conversion is taken back.",
            ["RECORD"],
            [$"emailtracking records activate {Example}"],
            (client, records, token) => client.SetRecordStateAsync(records[0], isActive: true, token));
        yield return commands.Of(
            "delete",
            "Deletes a record: nobody is meant by its addresses any more, and mail about it says that it is gone. To load it again brings it back.",
            ["RECORD"],
            [$"emailtracking records delete {Example}", $"emailtracking records delete {Example} --yes"],
            (client, records, token) => client.DeleteRecordAsync(records[0], token));
    }

    private Command Show()
    {
        var record = Record("RECORD");
        var command = _host.Command(
            "show", "Shows a record, what became of it, and the mail that a change of it would touch.", $"emailtracking records show {Example}");
        command.Add(record);
        _host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(record)!.Value;
            var view = await client.ReadRecordAsync(asked, token)
                ?? throw new WrongInputException($"There is no record {asked}. Load it: emailtracking records load FILE");
            Write(view);
            WriteTouched(await client.PreviewRecordChangeAsync(asked, [], token));
            return ExitCodes.Done;
        });
        return command;
    }

    private Command Of(
        string name,
        string description,
        string[] names,
        string[] examples,
        Func<EmailTrackingClient, RecordReference[], CancellationToken, Task<RecordAnswer>> act)
    {
        Argument<RecordReference?>[] records = [.. names.Select(Record)];
        var yes = new Option<bool>("--yes") { Description = $"Do it, also when more than {TouchedMax} emails are touched" };
        var command = _host.Command(name, description, examples);
        foreach (var record in records)
        {
            command.Add(record);
        }

        command.Add(yes);
        _host.Connected(command, async (parsed, client, token) =>
        {
            RecordReference[] meant = [.. records.Select(record => parsed.GetValue(record)!.Value)];
            var touched = await client.PreviewRecordChangeAsync(meant[0], [], token);
            if (touched.Count > TouchedMax && !parsed.GetValue(yes))
            {
                WriteTouched(touched);
                throw new WrongInputException(
                    $"That touches more than {TouchedMax} emails. Nothing was done; to do it: emailtracking records {name} {string.Join(' ', meant)} --yes");
            }

            var answer = await act(client, meant, token);
            if (answer.Problem is { } problem)
            {
                throw new WrongInputException(problem);
            }

            _host.Console.Line(answer.IsChanged
                ? $"Done. {Words.Of(touched.Count)} emails are linked again in the background. Look: emailtracking records show {meant[0]}"
                : $"{meant[0]} stands so already. Nothing was changed.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Argument<RecordReference?> Record(string name) => new(name)
    {
        Description = $"TABLE/ID, for example {Example}", CustomParser = ActCommands.Record,
    };

    private void Write(RecordView view)
    {
        var ((facts, name, addresses, _), life) = view;
        var table = Rendering.Show.Table("", "").HideHeaders();
        table.Row("record", facts.Reference.ToString())
            .Row("name", name)
            .Row("state", facts.IsActive ? "active" : "inactive")
            .Row("owner", facts.OwnerId?.ToString() ?? "nobody")
            .Row("created", Words.Of(facts.CreatedOn))
            .Row("addresses", string.Join(", ", addresses.Select(address => address.Value)));
        if (life.Successor is { } successor)
        {
            table.Row(life.IsMerged ? "merged into" : "converted into", successor.ToString());
        }

        if (life.DeletedOn is { } deletedOn)
        {
            table.Row("deleted", Words.Of(deletedOn));
        }

        foreach (var choice in view.Choices)
        {
            var why = choice.Why is { } reason ? $": {reason}" : "";
            table.Row(
                choice.IsCleared ? "no longer chosen" : "chosen", $"for {choice.Address} by {choice.By}, {Words.Of(choice.On)}{why}");
        }

        _host.Console.Write(table);
    }

    private void WriteTouched(TouchedEmails touched)
    {
        _host.Console.Line(
            $"{Words.Of(touched.Count)} emails are from it, to it or about it{(touched.Latest.IsEmpty ? "." : "; the latest:")}");
        if (touched.Latest.IsEmpty)
        {
            return;
        }

        var table = Rendering.Show.Table("sent", "subject", "id (for explain)");
        foreach (var activity in touched.Latest.Select(row => row.Activity).OfType<ActivityRow>())
        {
            table.Row(Words.Of(activity.SentOn), activity.Subject, activity.ActivityId.ToString());
        }

        _host.Console.Write(table);
    }
}
