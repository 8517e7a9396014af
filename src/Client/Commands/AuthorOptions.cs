using System.CommandLine;
using EmailTracking.Organizations;

namespace EmailTracking.Client.Commands;

/// <summary>The options that say who changes something, and why.</summary>
internal sealed class AuthorOptions
{
    private readonly Option<string> _by = new("--by")
    {
        Description = "Who changes it", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName,
    };

    private readonly Option<string?> _why = new("--why") { Description = "Why; shown to everybody whom it binds", HelpName = "TEXT" };

    public void AddTo(Command command)
    {
        command.Add(_by);
        command.Add(_why);
    }

    public Author Of(ParseResult parsed) => new(parsed.GetValue(_by)!, parsed.GetValue(_why));
}
