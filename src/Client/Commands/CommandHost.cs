using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary>Connects to a cluster.</summary>
internal delegate Task<EmailTrackingClient> Connect(EmailTrackingClientOptions options, CancellationToken cancellationToken);

/// <summary>What every command works with: two terminals, a connection when it needs one, and the options that all share.</summary>
/// <param name="console">For what was asked for.</param>
/// <param name="errors">For what went wrong, and for progress.</param>
/// <param name="connect">Connects.</param>
/// <param name="time">The clock.</param>
/// <param name="input">Opens standard input.</param>
internal sealed class CommandHost(IAnsiConsole console, IAnsiConsole errors, Connect connect, TimeProvider time, Func<Stream> input)
{
    private readonly Dictionary<Command, string[]> _examples = [];

    public IAnsiConsole Console => console;

    public IAnsiConsole Errors => errors;

    public TimeProvider Time => time;

    public Stream OpenInput() => input();

    public Option<string> Organization { get; } = new("--organization")
    {
        Description = "The organization that is meant",
        HelpName = "NAME",
        Recursive = true,
        DefaultValueFactory = _ => GrainKeys.DefaultOrganization,
    };

    public Option<string[]> Gateways { get; } = new("--gateway")
    {
        Description = $"Where the cluster takes calls; repeat it, or separate several by commas [default: {EmailTrackingClientOptions.GatewaysVariable}, else {EmailTrackingClientOptions.DefaultGateway}]",
        HelpName = "HOST:PORT",
        Recursive = true,
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>The examples that the help of a command ends with.</summary>
    public IReadOnlyList<string> ExamplesOf(Command command) => _examples.GetValueOrDefault(command) ?? [];

    public Command Command(string name, string description, params string[] examples)
    {
        var command = new Command(name, description);
        _examples[command] = examples;
        return command;
    }

    /// <summary>Runs a command with a connection, which is closed behind it.</summary>
    public void Connected(Command command, Func<ParseResult, EmailTrackingClient, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var client = await ConnectAsync(parsed, cancellationToken);
            return await action(parsed, client, cancellationToken);
        });

    public Task<EmailTrackingClient> ConnectAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = EmailTrackingClientOptions.FromEnvironment();
        options.Organization = parsed.GetValue(Organization)!;
        var gateways = (parsed.GetValue(Gateways) ?? []).SelectMany(Gateway.Split).ToArray();
        options.Gateways = gateways.Length > 0 ? gateways : options.Gateways;
        return connect(options, cancellationToken);
    }

    /// <summary>An option that takes a whole number between two bounds.</summary>
    public static Option<int> Number(string name, string description, string helpName, int least, int most, int standard)
    {
        var option = new Option<int>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => standard };
        option.Validators.Add(result => CheckRange(result, name, least, most));
        return option;
    }

    public static void CheckRange(OptionResult result, string name, int least, int most)
    {
        if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var value) || value < least || value > most))
        {
            result.AddError($"{name} takes a number from {least} to {most}, not '{result.Tokens[0].Value}'.");
        }
    }
}
