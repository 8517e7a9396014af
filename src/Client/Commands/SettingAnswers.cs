using EmailTracking.Client.Rendering;
using EmailTracking.Organizations;
using Spectre.Console;

namespace EmailTracking.Client.Commands;

/// <summary>What setting a setting, or an option, came to, in words.</summary>
internal static class SettingAnswers
{
    public static int Show(CommandHost host, string name, SettingAnswer answer)
    {
        if (answer.Problem is { } problem)
        {
            host.Errors.Line(problem, Color.Red);
            return ExitCodes.WrongInput;
        }

        var version = answer.Version > 0 ? $" Version {answer.Version}." : "";
        host.Console.Line(answer.Before == answer.After
            ? $"{name} is {answer.After} already. Nothing was changed."
            : $"{name} is {answer.After} now; it was {answer.Before}.{version}");
        return ExitCodes.Done;
    }
}
