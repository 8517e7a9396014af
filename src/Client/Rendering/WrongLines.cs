using System.Collections.Immutable;
using EmailTracking.Client.Commands;
using Spectre.Console;

namespace EmailTracking.Client.Rendering;

/// <summary>What is wrong with a file that was not loaded.</summary>
internal static class WrongLines
{
    public static void WriteWrongLines(this CommandHost host, string file, ImmutableArray<string> problems, long count)
    {
        foreach (var problem in problems)
        {
            host.Errors.Line($"{file}, {problem}", Color.Red);
        }

        host.Errors.Line($"{Words.Of(count)} lines are wrong. Nothing was loaded; correct them and load the file again.");
    }
}
