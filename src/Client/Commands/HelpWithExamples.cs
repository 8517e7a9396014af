using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EmailTracking.Client.Commands;

/// <summary>The usual help, then examples.</summary>
internal sealed class HelpWithExamples(HelpAction help, CommandHost host) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (host.ExamplesOf(parseResult.CommandResult.Command) is { Count: > 0 } examples)
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        return code;
    }
}
