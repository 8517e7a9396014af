using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Outbox;
using EmailTracking.Queries;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary><c>dead-letters</c>, with <c>list</c>, <c>show</c>, <c>retry</c> and <c>retry-all</c>: messages that could not be decided.</summary>
internal sealed class DeadLettersCommand
{
    private const int LettersMax = 1_000;

    private readonly CommandHost _host;

    private DeadLettersCommand(CommandHost host) => _host = host;

    public static Command Create(CommandHost host) => new DeadLettersCommand(host).Create();

    private Command Create()
    {
        var command = _host.Command(
            "dead-letters",
            "Lists the messages that could not be decided, and what to do about each. They are kept, and stop nothing.",
            "emailtracking dead-letters",
            "emailtracking dead-letters --top 10",
            "emailtracking dead-letters show ana@contoso.com Inbox 1.1700000000.42",
            "emailtracking dead-letters retry ana@contoso.com Inbox 1.1700000000.42",
            "emailtracking dead-letters retry-all");
        command.Aliases.Add("deadletter");
        List(command);
        command.Add(List(_host.Command(
            "list", "Lists them, newest first.", "emailtracking dead-letters list", "emailtracking dead-letters list --top 10")));
        command.Add(ShowOne());
        command.Add(Retry());
        command.Add(RetryAll());
        return command;
    }

    private Command List(Command command)
    {
        var top = CommandHost.Number("--top", "How many at most, newest first", "N", 1, LettersMax, 100);
        command.Add(top);
        _host.Connected(command, async (parsed, client, token) =>
        {
            var letters = await client.ReadDeadLettersAsync(parsed.GetValue(top), token);
            if (letters.IsEmpty)
            {
                _host.Console.Line("There are no dead letters.");
                return ExitCodes.Done;
            }

            var table = Show.Table("failed", "mailbox", "folder", "item", "step", "why", "what to do");

            // In one piece, to be copied.
            table.Columns[3].NoWrap = true;
            foreach (var letter in letters)
            {
                table.Row(
                    Words.Of(letter.FailedOn),
                    letter.Place.Mailbox.Value,
                    letter.Place.Folder,
                    letter.Place.Item,
                    letter.Step,
                    TraceWords.Of(letter.Reason),
                    letter.Problem);
            }

            _host.Console.Write(table);
            _host.Console.Line("Have one decided again: emailtracking dead-letters retry MAILBOX FOLDER ITEM");
            return ExitCodes.Done;
        });
        return command;
    }

    private Command ShowOne()
    {
        var place = new PlaceArguments();
        var command = _host.Command(
            "show",
            "Shows one dead letter, and where its raw mail is.",
            "emailtracking dead-letters show ana@contoso.com Inbox 1.1700000000.42");
        place.AddTo(command);
        _host.Connected(command, async (parsed, client, token) =>
        {
            var letter = await client.FindDeadLetterAsync(place.Of(parsed), token) ?? throw Missing();
            _host.Console.Write(Show.Table("what", "value")
                .Row("mailbox", letter.Place.Mailbox.Value)
                .Row("folder", letter.Place.Folder)
                .Row("item", letter.Place.Item)
                .Row("failed", Words.Of(letter.FailedOn))
                .Row("step", letter.Step)
                .Row("why", TraceWords.Of(letter.Reason))
                .Row("what to do", letter.Problem)
                .Row("raw mail", letter.ContentHash is { } hash ? $"kept here (SHA-256 {hash})" : "in its mailbox"));
            return ExitCodes.Done;
        });
        return command;
    }

    private Command Retry()
    {
        var place = new PlaceArguments();
        var command = _host.Command(
            "retry",
            "Has one message decided again, from its raw mail when that is kept, else from its mailbox. Exit code 2: it failed again.",
            "emailtracking dead-letters retry ana@contoso.com Inbox 1.1700000000.42");
        place.AddTo(command);
        _host.Connected(command, async (parsed, client, token) =>
        {
            var retried = await client.RetryDeadLetterAsync(place.Of(parsed), token) ?? throw Missing();
            if (retried.Problem is { } problem)
            {
                _host.Errors.Line($"It is a dead letter still: {problem}", Color.Red);
                return ExitCodes.SomeFailed;
            }

            _host.Console.Line($"It is no dead letter any more. {Of(retried)}".TrimEnd());
            return ExitCodes.Done;
        });
        return command;
    }

    private Command RetryAll()
    {
        var command = _host.Command(
            "retry-all",
            $"Has the newest {LettersMax} dead letters decided again, one after the other. Exit code 2: some failed again.",
            "emailtracking dead-letters retry-all");
        _host.Connected(command, async (_, client, token) =>
        {
            var letters = await client.ReadDeadLettersAsync(LettersMax, token);
            var failed = await LoadProgress.ShowAsync(_host.Errors, _host.Time, progress => RetryAsync(client, letters, progress, token));
            _host.Console.Line($"{Words.Of(letters.Length - failed)} of {Words.Of(letters.Length)} dead letters were decided.");
            if (failed == 0)
            {
                return ExitCodes.Done;
            }

            _host.Errors.Line($"{Words.Of(failed)} failed again. See: emailtracking dead-letters", Color.Red);
            return ExitCodes.SomeFailed;
        });
        return command;
    }

    private static async Task<int> RetryAsync(
        EmailTrackingClient client, IReadOnlyCollection<DeadLetter> letters, LoadProgress progress, CancellationToken token)
    {
        var step = progress.Count("Deciding again", letters.Count, "dead letters");
        var (done, failed) = (0, 0);
        foreach (var letter in letters)
        {
            // One that is gone meanwhile was decided by somebody else.
            failed += (await client.RetryDeadLetterAsync(letter.Place, token))?.Problem is null ? 0 : 1;
            step(++done);
        }

        return failed;
    }

    private static string Of(RetriedLetter retried) =>
        retried is { Outcome: { } outcome, Reason: { } reason } ? $"Decided: {Words.Of(outcome)}, {TraceWords.Of(reason)}." : "";

    private static WrongInputException Missing() =>
        new("There is no such dead letter. Mailbox, folder and item are those that are listed: emailtracking dead-letters");

    /// <summary>The arguments that name where a message was seen.</summary>
    private sealed class PlaceArguments
    {
        private readonly Argument<EmailAddress?> _mailbox = new("MAILBOX") { Description = "The mailbox's address", CustomParser = ListCommand.Address };
        private readonly Argument<string> _folder = new("FOLDER") { Description = "The folder" };
        private readonly Argument<string> _item = new("ITEM") { Description = "The item, as it is listed" };

        public void AddTo(Command command)
        {
            command.Add(_mailbox);
            command.Add(_folder);
            command.Add(_item);
        }

        public SightingPlace Of(ParseResult parsed) =>
            new(parsed.GetValue(_mailbox)!.Value, parsed.GetValue(_folder)!, parsed.GetValue(_item)!);
    }
}
