using EmailTracking.Connectors;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>What is wrong with how somebody wants mailboxes to be read, in words; nothing is asked for that.</summary>
public static class ConnectionCheck
{
    private const int NameMax = 100;
    private const int UserNameMax = 256;
    private const int TextMax = 1_000;

    /// <summary>Why a profile cannot be saved; null when it can.</summary>
    public static string? ProblemOf(ServerProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile switch
        {
            _ when !IsText(profile.Name, NameMax) => $"A profile has a name of 1 to {NameMax} characters.",
            _ when !IsText(profile.Host, 253) => "A profile has a host name or address. Give it: --host imap.contoso.com",
            { Port: < 1 or > 65_535 } => "A port is 1 to 65535. The usual one is 993.",
            { Security: ConnectionSecurity.None } when !IsLoopback(profile.Host) =>
                $"Without TLS everybody on the way reads the mail: that is allowed on this machine only, not to {profile.Host}. Use --security tls or starttls.",
            { ConnectionsMax: < 1 or > 300 } => "1 to 300 connections read at once.",
            { IdleMax: < 0 or > 100_000 } => "0 to 100000 connections wait for new mail at once.",
            _ when profile.PollMin < TimeSpan.FromSeconds(1) || profile.PollMax < profile.PollMin || profile.PollMax > TimeSpan.FromHours(1) =>
                "The time between two looks is 1 second to 1 hour, the longest one not shorter than the shortest.",
            _ when profile.AnswerMax < TimeSpan.FromSeconds(1) || profile.AnswerMax > TimeSpan.FromMinutes(10) =>
                "A server gets 1 second to 10 minutes for an answer.",
            { SignIn: not SignInMethod.Password } when !IsTokenEndpoint(profile.TokenEndpoint) =>
                "Tokens come from an https address. Give it: --token-endpoint https://…",
            { SignIn: not SignInMethod.Password } when !IsText(profile.ClientId, TextMax) => "Tokens need a client id. Give it: --client-id ID",
            { SignIn: SignInMethod.ClientCredentials, ClientSecret: null } => "Client credentials need a secret. Say where it is: --client-secret env:NAME",
            { ClientSecret: { } secret } when !IsSecret(secret) => SecretWords,
            _ => null,
        };
    }

    /// <summary>Why a connection cannot be saved; null when it can.</summary>
    public static string? ProblemOf(MailboxConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection switch
        {
            _ when !IsText(connection.UserName, UserNameMax) => $"A user name has 1 to {UserNameMax} characters and no control characters.",
            { Secret: { } secret } when !IsSecret(secret) => SecretWords,
            _ => null,
        };
    }

    private const string SecretWords =
        "A secret is never given itself, only where the silo finds it: env:NAME (a variable of its environment) or file:PATH.";

    private static bool IsText(string? text, int lengthMax) =>
        text is { Length: > 0 } && text.Length <= lengthMax && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl);

    private static bool IsSecret(string text) =>
        IsText(text, TextMax) && (text.StartsWith("env:", StringComparison.Ordinal) || text.StartsWith("file:", StringComparison.Ordinal)) &&
        text.IndexOf(':', StringComparison.Ordinal) < text.Length - 1;

    private static bool IsTokenEndpoint(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) &&
        (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
        (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));
}
