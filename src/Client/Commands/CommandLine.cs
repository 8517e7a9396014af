using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using EmailTracking.Client.Rendering;
using EmailTracking.Connectors;
using EmailTracking.Intake;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary>The <c>emailtracking</c> command line.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="console">For what was asked for.</param>
    /// <param name="errors">For what went wrong, and for progress.</param>
    /// <param name="connect">Connects to the cluster.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="input">Opens what is read from standard input; null for the process's.</param>
    /// <param name="cancellationToken">A person stops the command.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args,
        IAnsiConsole console,
        IAnsiConsole errors,
        Connect connect,
        TimeProvider? time = null,
        Func<Stream>? input = null,
        CancellationToken cancellationToken = default)
    {
        var host = new CommandHost(console, errors, connect, time ?? TimeProvider.System, input ?? Console.OpenStandardInput);
        var parsed = Root(host).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                errors.Line(error.Message, Color.Red);
            }

            errors.Line($"See: {Name(parsed.CommandResult.Command)} --help");
            return ExitCodes.WrongInput;
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = console.Profile.Out.Writer,
                Error = errors.Profile.Out.Writer,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception problem)
        {
            errors.Line(MessageOf(problem), Color.Red);
            return CodeOf(problem);
        }
    }

    private static RootCommand Root(CommandHost host)
    {
        var root = new RootCommand("Tracks email the way a CRM does: each email once, in its conversation, about its record.")
        {
            host.Organization,
            host.Gateways,
            ImportCommand.Create(host),
            PreviewCommand.Create(host),
            ListCommand.Create(host),
            ExplainCommand.Create(host),
            ConversationCommand.Create(host),
            RecordsCommand.Create(host),
            TablesCommand.Create(host),
            ProfileCommand.Create(host),
            MailboxCommand.Create(host),
            FolderRuleCommand.Create(host),
            BackfillCommand.Create(host),
            AuditCommand.Create(host),
            AlertsCommand.Create(host),
            DeliverCommand.Create(host),
            SettingsCommand.Create(host),
            QueueCommand.Create(host),
            RulesCommand.Create(host),
            ResolveCommand.Create(host),
            ExportCommand.Create(host),
            DeadLettersCommand.Create(host),
            StatusCommand.Create(host),
            HistoryCommand.Create(host),
            PendingCommand.Create(host),
            ReviewCommand.Create(host),
            EraseCommand.Create(host),
            KeyCommand.Create(host),
            PrincipalCommand.Create(host),
        };
        foreach (var act in ActCommands.Create(host))
        {
            root.Add(act);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, host);
        return root;
    }

    private static string Name(Command command) => command is RootCommand
        ? "emailtracking"
        : $"{Name(command.Parents.OfType<Command>().First())} {command.Name}";

    private static string MessageOf(Exception problem) => problem switch
    {
        ClusterUnreachableException or WrongInputException or DeliveryException => problem.Message,
        MailServerException server => $"{server.Message} {server.NextStep}",
        OptionsValidationException wrong => string.Join(' ', wrong.Failures),
        IOException or UnauthorizedAccessException => $"{problem.Message} Check the path, its permissions and the disk.",
        _ => $"The cluster could not do it ({problem.GetType().Name}: {problem.Message}) The log of its silos says more.",
    };

    private static int CodeOf(Exception problem) =>
        problem is ClusterUnreachableException or MailServerException { IsTransient: true } ? ExitCodes.TryAgain : ExitCodes.WrongInput;
}
