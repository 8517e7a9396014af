using System.CommandLine;
using EmailTracking.Connectors;

namespace EmailTracking.Client.Commands;

/// <summary>The options of <c>profile set</c>: each that is given changes one thing.</summary>
internal sealed class ProfileOptions
{
    private const int StartTlsPort = 143;

    private readonly Option<string?> _host = new("--host") { Description = "The server's host name or address", HelpName = "HOST" };

    private readonly Option<int?> _port = new("--port")
    {
        Description = "Its port [default of a new profile: 993; 143 without TLS from the first byte]", HelpName = "PORT",
    };

    private readonly Option<string?> _security = new("--security")
    {
        Description = "tls from the first byte, starttls, or none (to this machine only)", HelpName = "tls|starttls|none",
    };

    private readonly Option<string?> _ca = Text("--ca", "A PEM file, at the silos, with the authorities that its certificate is checked by; '' for the system's", "FILE");

    private readonly Option<string?> _signIn = new("--sign-in")
    {
        Description = "How mailboxes sign in", HelpName = "password|client-credentials|refresh-token",
    };

    private readonly Option<string?> _endpoint = Text("--token-endpoint", "For tokens: where they come from", "URL");
    private readonly Option<string?> _clientId = Text("--client-id", "For tokens: the client's id", "ID");
    private readonly Option<string?> _clientSecret = Text("--client-secret", "For tokens: where the client's secret is; '' for none", "env:NAME|file:PATH");
    private readonly Option<string?> _scope = Text("--scope", "For tokens: the scope that is asked for; '' for none", "SCOPE");
    private readonly Option<int?> _connections = Number("--connections", "How many connections of a silo read at once", 1, 300);
    private readonly Option<int?> _idle = Number("--idle", "How many connections of a silo wait for new mail at once", 0, 100_000);
    private readonly Option<TimeSpan?> _pollMin = Length("--poll-min", "The shortest time between two looks where nothing pushes");
    private readonly Option<TimeSpan?> _pollMax = Length("--poll-max", "The longest one");
    private readonly Option<TimeSpan?> _answerMax = Length("--answer-max", "How long the server may take for one answer");
    private readonly Option<string?> _since = Days.Option("--since", "Its mailboxes read mail from this day on at the earliest");

    public ProfileOptions()
    {
        _security.AcceptOnlyFromAmong([.. Enum.GetValues<ConnectionSecurity>().Select(Name)]);
        _signIn.AcceptOnlyFromAmong([.. Enum.GetValues<SignInMethod>().Select(Name)]);
        _port.Validators.Add(result => CommandHost.CheckRange(result, "--port", 1, 65_535));
    }

    public static string Name(ConnectionSecurity security) => security switch
    {
        ConnectionSecurity.ImplicitTls => "tls",
        ConnectionSecurity.StartTls => "starttls",
        _ => "none",
    };

    public static string Name(SignInMethod method) => method switch
    {
        SignInMethod.ClientCredentials => "client-credentials",
        SignInMethod.RefreshToken => "refresh-token",
        _ => "password",
    };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _host, _port, _security, _ca, _signIn, _endpoint, _clientId, _clientSecret, _scope, _connections, _idle, _pollMin, _pollMax,
            _answerMax, _since,
        ];
        foreach (var option in all)
        {
            command.Add(option);
        }
    }

    /// <summary>The profile that stands, or a new one, with what was given.</summary>
    /// <exception cref="WrongInputException">It is new, and has no host.</exception>
    public ServerProfile Change(ParseResult parsed, ServerProfile? standing, string name)
    {
        var security = parsed.GetValue(_security) is { } word
            ? Enum.GetValues<ConnectionSecurity>().First(one => Name(one) == word)
            : standing?.Security ?? ConnectionSecurity.ImplicitTls;
        var before = standing ?? new ServerProfile
        {
            Name = name,
            Host = parsed.GetValue(_host) ?? throw new WrongInputException(
                $"There is no profile {name}. To make it, say which server it is: emailtracking profile set {name} --host HOST"),
            Port = security == ConnectionSecurity.ImplicitTls ? new ServerProfile { Name = name, Host = "" }.Port : StartTlsPort,
        };
        return before with
        {
            Host = parsed.GetValue(_host) ?? before.Host,
            Port = parsed.GetValue(_port) ?? before.Port,
            Security = security,
            CertificateAuthorities = Of(parsed, _ca, before.CertificateAuthorities),
            SignIn = parsed.GetValue(_signIn) is { } method ? Enum.GetValues<SignInMethod>().First(one => Name(one) == method) : before.SignIn,
            TokenEndpoint = Of(parsed, _endpoint, before.TokenEndpoint),
            ClientId = Of(parsed, _clientId, before.ClientId),
            ClientSecret = Of(parsed, _clientSecret, before.ClientSecret),
            Scope = Of(parsed, _scope, before.Scope),
            ConnectionsMax = parsed.GetValue(_connections) ?? before.ConnectionsMax,
            IdleMax = parsed.GetValue(_idle) ?? before.IdleMax,
            PollMin = parsed.GetValue(_pollMin) ?? before.PollMin,
            PollMax = parsed.GetValue(_pollMax) ?? before.PollMax,
            AnswerMax = parsed.GetValue(_answerMax) ?? before.AnswerMax,
            StartsOn = Days.Of(parsed, _since, before.StartsOn),
        };
    }

    private static string? Of(ParseResult parsed, Option<string?> option, string? standing) =>
        parsed.GetValue(option) switch { null => standing, "" => null, var text => text };

    private static Option<string?> Text(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };

    private static Option<int?> Number(string name, string description, int least, int most)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result => CommandHost.CheckRange(result, name, least, most));
        return option;
    }

    private static Option<TimeSpan?> Length(string name, string description) =>
        new(name) { Description = description, HelpName = "TIME", CustomParser = Days.Length };
}
