using System.Collections.Immutable;
using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Storage;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary><c>conversation</c>: the emails of a conversation as a tree.</summary>
internal static class ConversationCommand
{
    public static Command Create(CommandHost host)
    {
        var id = new Argument<string>("ID")
        {
            Description = "A conversation id, today's or an older one; or the Message-ID or activity id of one of its emails",
        };
        var command = host.Command(
            "conversation",
            "Shows the emails of a conversation, each below the one that it answers.",
            "emailtracking conversation 8d0f4a52-0c1f-8e0e-9f5c-6f1c3f1d2a10",
            "emailtracking conversation '<20260131.1234@contoso.com>'");
        command.Add(id);
        host.Connected(command, async (parsed, client, token) =>
        {
            var rows = await ReadAsync(client, parsed.GetValue(id)!, token);
            Write(host.Console, rows);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<ImmutableArray<EmailRow>> ReadAsync(EmailTrackingClient client, string id, CancellationToken token)
    {
        if (Guid.TryParse(id, out var conversation) && await client.ReadConversationAsync(conversation, token) is { IsEmpty: false } rows)
        {
            return rows;
        }

        var explanation = await client.ExplainAsync(id, token) ?? throw ExplainCommand.NotSeen(id);
        return explanation.Email.Activity is { } activity
            ? await client.ReadConversationAsync(activity.State.ConversationId, token)
            : throw new WrongInputException($"Email {id} is not tracked, so it is in no conversation. Why: emailtracking explain {id}");
    }

    private static void Write(IAnsiConsole console, ImmutableArray<EmailRow> rows)
    {
        console.Line($"Conversation {rows[0].Activity?.State.ConversationId}, {Words.Of(rows.Length)} emails");
        foreach (var (lead, row) in ConversationTree.Lines(rows))
        {
            if (row.Activity is not { } activity)
            {
                continue;
            }

            // The lead is ours; what stands behind it is not.
            var about = activity.Regarding is { } regarding ? $"  about {regarding}" : "";
            var held = activity.State.IsHeld ? "  (held)" : "";
            var line = $"{Words.Of(activity.SentOn)}  {activity.Sender?.Value ?? "unknown sender"}  {activity.Subject}{held}{about}  {activity.ActivityId}";
            console.Write(new Text(lead + SafeText.Of(line)) { Overflow = Overflow.Ellipsis });
            console.WriteLine();
        }
    }
}
