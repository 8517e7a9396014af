using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EmailTracking.Client.Rendering;
using EmailTracking.Queries;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Commands;

/// <summary><c>list</c>: emails by subject, address, date and outcome.</summary>
internal static class ListCommand
{
    public static Command Create(CommandHost host)
    {
        var subject = new Option<string?>("--subject") { Description = "Part of the subject, in any case", HelpName = "TEXT" };
        var address = new Option<EmailAddress?>("--address")
        {
            Description = "A sender or recipient",
            HelpName = "ADDRESS",
            CustomParser = Address,
        };
        var from = new Option<DateTimeOffset?>("--from")
        {
            Description = "Sent on or after; UTC unless a zone is given",
            HelpName = "DATE",
            CustomParser = Date,
        };
        var until = new Option<DateTimeOffset?>("--until") { Description = "Sent before", HelpName = "DATE", CustomParser = Date };
        var regarding = new Option<RecordReference?>("--regarding")
        {
            Description = "What they are about", HelpName = "TABLE/ID", CustomParser = ActCommands.Record,
        };
        var outcome = new Option<string?>("--outcome") { Description = "What was decided", HelpName = "OUTCOME" };
        outcome.AcceptOnlyFromAmong([.. Enum.GetValues<Outcome>().Select(Words.Of)]);
        var top = CommandHost.Number("--top", "How many at most, newest first", "N", 1, 1_000, 50);
        var command = host.Command(
            "list",
            "Lists emails, newest first. All conditions that are given must hold.",
            "emailtracking list --subject invoice --top 10",
            "emailtracking list --address ana@contoso.com --from 2026-01-01 --until 2026-02-01",
            "emailtracking list --outcome waiting",
            "emailtracking list --regarding incident/3f2504e0-4f89-11d3-9a0c-0305e82c3301");
        foreach (var option in new Option[] { subject, address, from, until, regarding, outcome, top })
        {
            command.Add(option);
        }

        host.Connected(command, async (parsed, client, token) =>
        {
            var rows = await client.ListAsync(
                new EmailFilter
                {
                    Subject = parsed.GetValue(subject),
                    Address = parsed.GetValue(address),
                    From = parsed.GetValue(from),
                    Until = parsed.GetValue(until),
                    Outcome = parsed.GetValue(outcome) is { } word ? Enum.Parse<Outcome>(word, ignoreCase: true) : null,
                    CountMax = parsed.GetValue(top),
                    Regarding = parsed.GetValue(regarding),
                },
                token);
            Write(host, rows);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(CommandHost host, IReadOnlyList<EmailRow> rows)
    {
        if (rows.Count == 0)
        {
            host.Console.Line("No email is like that. Leave a condition out, or see what there is: emailtracking list");
            return;
        }

        var table = Show.Table("sent", "from", "subject", "decided", "id (for explain)");
        foreach (var row in rows)
        {
            var activity = row.Activity;
            table.Row(
                activity is null ? "" : Words.Of(activity.SentOn),
                activity?.Sender?.Value,
                activity?.Subject,
                activity is null ? $"{Words.Of(row.Outcome)}: {TraceWords.Of(row.Reason)}" : Words.Of(row.Outcome),
                activity?.ActivityId.ToString() ?? row.Key.ToString());
        }

        host.Console.Write(table);
    }

    internal static EmailAddress? Address(ArgumentResult result)
    {
        if (EmailAddress.TryParse(result.Tokens[0].Value, out var address))
        {
            return address;
        }

        result.AddError($"'{result.Tokens[0].Value}' is no address. Give one such as ana@contoso.com.");
        return null;
    }

    internal static DateTimeOffset? Date(ArgumentResult result)
    {
        if (DateTimeOffset.TryParse(
            result.Tokens[0].Value,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var date))
        {
            return date;
        }

        result.AddError($"'{result.Tokens[0].Value}' is no date. Give one such as 2026-01-31 or 2026-01-31T08:00Z.");
        return null;
    }
}
