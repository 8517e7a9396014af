using System.CommandLine;
using EmailTracking.Acts;
using EmailTracking.Client.Rendering;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Commands;

/// <summary><c>resolve</c>: a person says which record an address stands for, in one email or in all.</summary>
internal sealed class ResolveCommand
{
    private const int TouchedMax = 100;
    private const string Example = "contact/3f2504e0-4f89-11d3-9a0c-0305e82c3301";

    private readonly CommandHost _host;

    private readonly Argument<EmailAddress?> _address = new("ADDRESS")
    {
        Description = "The address of a sender or recipient", CustomParser = ListCommand.Address,
    };

    private readonly Argument<RecordReference?> _record = new("RECORD")
    {
        Description = $"The record that it stands for, TABLE/ID, for example {Example}",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = ActCommands.Record,
    };

    private readonly Option<string?> _mail = new("--mail")
    {
        Description = "In this email alone: a Message-ID, an activity id, or the id that 'list' shows", HelpName = "MAIL",
    };

    private readonly Option<bool> _similar = new("--apply-to-similar") { Description = "In all mail of the address, past and future" };

    private readonly Option<bool> _clear = new("--clear") { Description = "Take back what was chosen for all mail of the address" };

    private readonly Option<bool> _yes = new("--yes") { Description = $"Do it, also when more than {TouchedMax} emails are touched" };

    private readonly AuthorOptions _author = new();

    private ResolveCommand(CommandHost host) => _host = host;

    public static Command Create(CommandHost host)
    {
        var resolve = new ResolveCommand(host);
        var command = host.Command(
            "resolve",
            "Says which record an address stands for, whatever else has the address: in one email, or in all that have it.",
            $"emailtracking resolve bo@fabrikam.com {Example} --mail '<20260131.1234@contoso.com>'",
            $"emailtracking resolve bo@fabrikam.com {Example} --apply-to-similar --why \"He told us on the phone\"",
            "emailtracking resolve bo@fabrikam.com --clear");
        command.Add(resolve._address);
        command.Add(resolve._record);
        command.Add(resolve._mail);
        command.Add(resolve._similar);
        command.Add(resolve._clear);
        command.Add(resolve._yes);
        resolve._author.AddTo(command);
        host.Connected(command, resolve.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, EmailTrackingClient client, CancellationToken token)
    {
        var (address, record, mail) = (parsed.GetValue(_address)!.Value, parsed.GetValue(_record), parsed.GetValue(_mail));
        var author = _author.Of(parsed);
        return (mail, parsed.GetValue(_similar), parsed.GetValue(_clear)) switch
        {
            ({ } one, false, false) => await InOneAsync(client, address, record ?? throw NoRecord(), one, author.By, token),
            (null, true, false) => await InAllAsync(
                client, new RecordChoice(address, record ?? throw NoRecord(), author.By, author.Why), parsed.GetValue(_yes), token),
            (null, false, true) when record is null => await InAllAsync(
                client, new RecordChoice(address, null, author.By, author.Why), parsed.GetValue(_yes), token),
            (null, false, true) => throw new WrongInputException(
                $"To take a choice back, name no record: emailtracking resolve {address} --clear"),
            _ => throw new WrongInputException(
                "Say in which mail: --mail MAIL for one email, --apply-to-similar for all of the address, or --clear to take that back; one of the three."),
        };
    }

    private async Task<int> InOneAsync(
        EmailTrackingClient client, EmailAddress address, RecordReference record, string mail, string by, CancellationToken token)
    {
        var answer = await client.ActAsync(
            new ActCall
            {
                Id = Guid.CreateVersion7(_host.Time.GetUtcNow()),
                Kind = ActKind.Resolve,
                By = by,
                Names = [mail],
                Record = record,
                Address = address,
            },
            token);
        if (answer.Problem is { } problem)
        {
            throw new WrongInputException(problem);
        }

        _host.Console.Line($"Done. The email is linked again in the background. Take it back: emailtracking undo {answer.Id}");
        return ExitCodes.Done;
    }

    private async Task<int> InAllAsync(EmailTrackingClient client, RecordChoice choice, bool isSure, CancellationToken token)
    {
        var touched = await client.PreviewChoiceAsync(choice.Address, token);
        _host.Console.Line($"{Words.Of(touched.Count)} emails are from {choice.Address} or to it.");
        if (touched.Count > TouchedMax && !isSure)
        {
            var how = choice.Record is { } record ? $"{record} --apply-to-similar" : "--clear";
            throw new WrongInputException(
                $"That touches more than {TouchedMax} emails. Nothing was done; to do it: emailtracking resolve {choice.Address} {how} --yes");
        }

        var answer = await client.ChooseRecordAsync(choice, token);
        if (answer.Problem is { } problem)
        {
            throw new WrongInputException(problem);
        }

        _host.Console.Line(answer.IsChanged
            ? $"Done. They are linked again in the background. Take it back: {Back(choice)}"
            : "It stands so already. Nothing was changed.");
        return ExitCodes.Done;
    }

    private static string Back(RecordChoice choice) => choice.Record is null
        ? $"emailtracking resolve {choice.Address} RECORD --apply-to-similar"
        : $"emailtracking resolve {choice.Address} --clear";

    private static WrongInputException NoRecord() => new($"Say which record it stands for: TABLE/ID, for example {Example}.");
}
