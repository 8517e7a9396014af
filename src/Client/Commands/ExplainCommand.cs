using System.CommandLine;
using System.Globalization;
using EmailTracking.Client.Rendering;
using EmailTracking.Queries;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary><c>explain</c>: why an email is tracked, linked or left out.</summary>
internal static class ExplainCommand
{
    public static Command Create(CommandHost host)
    {
        var email = new Argument<string>("MESSAGE-ID")
        {
            Description = "A Message-ID with or without brackets, an activity id, or the id that 'list' shows",
        };
        var command = host.Command(
            "explain",
            "Says why an email is tracked, linked or left out, who took part, and what was decided of each copy.",
            "emailtracking explain '<20260131.1234@contoso.com>'",
            "emailtracking explain 20260131.1234@contoso.com");
        command.Add(email);
        host.Connected(command, async (parsed, client, token) =>
        {
            var asked = parsed.GetValue(email)!;
            var explanation = await client.ExplainAsync(asked, token) ?? throw NotSeen(asked);
            Write(host.Console, explanation);
            return ExitCodes.Done;
        });
        return command;
    }

    public static WrongInputException NotSeen(string email) => new(
        $"No email with the id {email} was ever seen. Copy the Message-ID from the mail's headers, or find the email: emailtracking list --subject TEXT");

    private static void Write(IAnsiConsole console, Explanation explanation)
    {
        foreach (var sentence in explanation.Sentences)
        {
            console.Line(sentence);
        }

        console.WriteLine();
        WriteEmail(console, explanation);
        if (!explanation.Parties.IsEmpty)
        {
            var parties = Show.Table("part", "address", "name", "record");
            foreach (var party in explanation.Parties)
            {
                parties.Row(
                    Words.Of(party.Participant.Type),
                    party.Participant.Address?.Value,
                    party.Participant.Name,
                    party.Record?.ToString());
            }

            console.Write(parties);
        }

        var decisions = Show.Table("mailbox", "folder", "received", "decided", "why", "settings");
        foreach (var decision in explanation.Decisions)
        {
            decisions.Row(
                decision.Place.Mailbox.Value,
                decision.Place.Folder,
                Words.Of(decision.ReceivedOn),
                Words.Of(decision.Outcome),
                TraceWords.Of(decision.Reason),
                string.Create(CultureInfo.InvariantCulture, $"version {decision.SettingsVersion}"));
        }

        console.Write(decisions);
    }

    private static void WriteEmail(IAnsiConsole console, Explanation explanation)
    {
        var facts = Show.Table("", "").HideHeaders();
        if (explanation.Email.Activity is { } activity)
        {
            facts.Row("subject", activity.Subject)
                .Row("from", activity.Sender?.Value)
                .Row("sent", Words.Of(activity.SentOn))
                .Row("message id", activity.MessageId)
                .Row("activity", activity.ActivityId.ToString())
                .Row("conversation", activity.State.ConversationId.ToString())
                .Row("answers", activity.CorrelatedActivityId?.ToString() ?? "nothing")
                .Row("about", activity.Regarding?.ToString() ?? "nothing")
                .Row("direction", activity.State.IsOutgoing ? "outgoing" : "incoming");
        }

        facts.Row("key", explanation.Email.Key.ToString());
        console.Write(facts);
    }
}
