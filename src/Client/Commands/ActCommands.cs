using System.CommandLine;
using EmailTracking.Acts;
using EmailTracking.Client.Rendering;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client.Commands;

/// <summary>What people do by hand: <c>track</c>, <c>untrack</c>, <c>regarding</c>, <c>stop</c>, <c>resume</c>, <c>admit</c>, <c>merge</c>, <c>split</c>, <c>undo</c>.</summary>
internal sealed class ActCommands
{
    private static readonly TimeSpan AgainMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AgainPoll = TimeSpan.FromMilliseconds(100);

    private readonly CommandHost _host;

    private ActCommands(CommandHost host) => _host = host;

    /// <summary>Every one of these commands, in the order in which help lists them.</summary>
    public static IEnumerable<Command> Create(CommandHost host)
    {
        var acts = new ActCommands(host);
        var record = new Argument<RecordReference?>("RECORD")
        {
            Description = "TABLE/ID, for example incident/3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            CustomParser = Record,
        };
        var about = new Option<RecordReference?>("--regarding")
        {
            Description = "What it is about", HelpName = "TABLE/ID", CustomParser = Record,
        };
        var lies = new TrackOptions();
        var onlyThis = new Option<bool>("--only-this") { Description = "For the named email alone: nobody inherits it" };
        var onlyThese = new Option<bool>("--only-these") { Description = "What hangs below the named emails stays" };

        yield return acts.Of(
            ActKind.Track,
            "track",
            "Tracks emails whatever the filters say. A conversation id means all its emails. A mail that is not here is fetched from its " +
            "mailbox, or brought as a file; until it is here it is pending.",
            new("MAIL", 1, 100),
            [
                "emailtracking track '<20260131.1234@contoso.com>'",
                "emailtracking track 20260131.1234@contoso.com --regarding contact/ID",
                "emailtracking track '<20260131.1234@contoso.com>' --mailbox ana@contoso.com --file message.eml",
            ],
            about: about,
            lies: lies);
        yield return acts.Of(
            ActKind.Untrack,
            "untrack",
            "Takes emails out: they stay known and hidden, and answers to them are still answers to tracked mail.",
            new("MAIL", 1, 100),
            ["emailtracking untrack '<20260131.1234@contoso.com>'"]);
        yield return acts.Of(
            ActKind.Regarding,
            "regarding",
            "Says what an email, and all that inherit from it, are about. A conversation id means its first email.",
            new("MAIL", 1, 1),
            ["emailtracking regarding '<20260131.1234@contoso.com>' incident/3f2504e0-4f89-11d3-9a0c-0305e82c3301"],
            record,
            only: onlyThis);
        yield return acts.Of(
            ActKind.Stop,
            "stop",
            "Stops a conversation: what is received from now on stays out.",
            new("MAIL", 1, 1),
            ["emailtracking stop '<20260131.1234@contoso.com>'", "emailtracking stop CONVERSATION-ID --at 2026-01-31T12:00Z"]);
        yield return acts.Of(
            ActKind.Resume, "resume", "Lets a stopped conversation go on.", new("MAIL", 1, 1), ["emailtracking resume CONVERSATION-ID"]);
        yield return acts.Of(
            ActKind.Admit,
            "admit",
            "Lets held emails speak: they take the regarding of what they answer. A conversation id means all that are held there.",
            new("MAIL", 1, 100),
            ["emailtracking admit '<20260131.1234@contoso.com>'"]);
        yield return acts.Of(
            ActKind.Merge,
            "merge",
            "Makes the conversations of two emails one.",
            new("MAIL", 2, 2),
            ["emailtracking merge CONVERSATION-ID CONVERSATION-ID"]);
        yield return acts.Of(
            ActKind.Split,
            "split",
            "Makes a conversation of emails and all that hangs below them. Later answers that name both sides join neither.",
            new("MAIL", 1, 100),
            ["emailtracking split '<20260131.1234@contoso.com>'", "emailtracking split MAIL MAIL --only-these"],
            only: onlyThese);
        yield return acts.Of(
            ActKind.Undo, "undo", "Takes an act back. Its id is in: emailtracking history", new("ACT", 1, 1), ["emailtracking undo ACT-ID"]);
    }

    private Command Of(
        ActKind kind,
        string name,
        string description,
        Meant meant,
        string[] examples,
        Argument<RecordReference?>? record = null,
        Option<RecordReference?>? about = null,
        Option<bool>? only = null,
        TrackOptions? lies = null)
    {
        var names = new Argument<string[]>(meant.Name)
        {
            Description = kind == ActKind.Undo
                ? "The act's id"
                : "A Message-ID with or without brackets, an activity id, a conversation id, or the id that 'list' shows",
            Arity = new ArgumentArity(meant.Least, meant.Most),
            CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
        };
        var by = new Option<string>("--by")
        {
            Description = "Who does it", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName,
        };
        var at = new Option<DateTimeOffset?>("--at")
        {
            Description = "When it was done; UTC unless a zone is given [default: now]", HelpName = "TIME", CustomParser = ListCommand.Date,
        };
        var command = _host.Command(name, description, examples);
        command.Add(names);
        Symbol?[] more = [record, about, only, lies?.Mailbox, lies?.File, by, at];
        foreach (var symbol in more)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else if (symbol is Option option)
            {
                command.Add(option);
            }
        }

        _host.Connected(command, async (parsed, client, token) =>
        {
            var mailbox = lies is null ? null : await lies.ReadAsync(_host, parsed, client, token);
            var answer = await client.ActAsync(
                new ActCall
                {
                    Id = Guid.CreateVersion7(_host.Time.GetUtcNow()),
                    Kind = kind,
                    By = parsed.GetValue(by)!,
                    On = parsed.GetValue(at),
                    Names = [.. parsed.GetValue(names)!],
                    Record = record is not null ? parsed.GetValue(record) : about is not null ? parsed.GetValue(about) : null,
                    ForTheseOnly = only is not null && parsed.GetValue(only),
                    Mailbox = mailbox,
                },
                token);
            return answer.Problem is { } problem ? throw new WrongInputException(problem) : await WriteAsync(client, answer, token);
        });
        return command;
    }

    private async Task<int> WriteAsync(EmailTrackingClient client, ActAnswer answer, CancellationToken token)
    {
        if (answer is { Pending: > 0, Changed: 0, Again: 0 })
        {
            _host.Console.Line(
                $"Pending: {Words.Of(answer.Pending)} emails are not here, and looked for. See: emailtracking pending. Take it back: emailtracking undo {answer.Id}");
            return ExitCodes.Done;
        }

        _host.Console.Line($"Done. {Words.Of(answer.Changed)} emails stand otherwise now. Take it back: emailtracking undo {answer.Id}");
        if (answer.Conversations.Length > 0)
        {
            _host.Console.Line($"Conversation: {string.Join(", ", answer.Conversations)}");
        }

        if (answer.Pending > 0)
        {
            _host.Console.Line(
                $"Of {Words.Of(answer.Pending)} emails nothing is kept: it takes effect when they are here. Deliver or import them again.");
        }

        if (answer.Again > 0)
        {
            _host.Console.Line(await IsOutboxEmptyAsync(client, token)
                ? $"{Words.Of(answer.Again)} copies were decided again."
                : $"{Words.Of(answer.Again)} copies are decided again; some are still to do. Look: emailtracking status");
        }

        return ExitCodes.Done;
    }

    // The cluster does it in any case; waiting only lets the next command see it.
    private async Task<bool> IsOutboxEmptyAsync(EmailTrackingClient client, CancellationToken token)
    {
        var began = _host.Time.GetTimestamp();
        while ((await client.CountAsync(token)).Outbox > 0)
        {
            if (_host.Time.GetElapsedTime(began) > AgainMax)
            {
                return false;
            }

            await Task.Delay(AgainPoll, _host.Time, token);
        }

        return true;
    }

    /// <summary>Reads TABLE/ID.</summary>
    internal static RecordReference? Record(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (RecordReference.TryParse(result.Tokens[0].Value, out var record))
        {
            return record;
        }

        result.AddError($"'{result.Tokens[0].Value}' is no record. Give TABLE/ID, for example contact/3f2504e0-4f89-11d3-9a0c-0305e82c3301.");
        return null;
    }

    /// <summary>What a command names, and how many of it.</summary>
    private sealed record Meant(string Name, int Least, int Most);
}
