using EmailTracking.Tracking.Mail;

namespace EmailTracking.Connectors;

/// <summary>How a connection is protected.</summary>
public enum ConnectionSecurity
{
    /// <summary>TLS from the first byte (RFC 8314).</summary>
    ImplicitTls = 0,

    /// <summary>TLS after STARTTLS (RFC 3501 section 6.2.1).</summary>
    StartTls = 1,

    /// <summary>None: on loopback only.</summary>
    None = 2,
}

/// <summary>How a mailbox signs in.</summary>
public enum SignInMethod
{
    /// <summary>With a user name and a password.</summary>
    Password = 0,

    /// <summary>With a token that a token endpoint gives for client credentials (RFC 6749 section 4.4), by XOAUTH2.</summary>
    ClientCredentials = 1,

    /// <summary>With a token that a token endpoint gives for a refresh token (RFC 6749 section 6), by XOAUTH2.</summary>
    RefreshToken = 2,
}

/// <summary>A mail server (Dataverse table <c>emailserverprofile</c>).</summary>
[GenerateSerializer, Immutable, Alias("ServerProfile")]
public sealed record ServerProfile
{
    /// <summary>Its name: 1 to 100 characters, none of them a control character.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>The kind of server: <c>imap</c>.</summary>
    [Id(1)]
    public string Kind { get; init; } = "imap";

    /// <summary>Its host name or address (Dataverse column <c>incomingserverlocation</c>).</summary>
    [Id(2)]
    public required string Host { get; init; }

    /// <summary>Its port, 1 to 65535 (Dataverse column <c>incomingportnumber</c>). Default: 993.</summary>
    [Id(3)]
    public int Port { get; init; } = 993;

    /// <summary>How connections are protected (Dataverse column <c>incomingusessl</c>).</summary>
    [Id(4)]
    public ConnectionSecurity Security { get; init; }

    /// <summary>A file with the certificate authorities (PEM) that its certificate is checked by; null: the system's.</summary>
    [Id(5)]
    public string? CertificateAuthorities { get; init; }

    /// <summary>How mailboxes sign in.</summary>
    [Id(6)]
    public SignInMethod SignIn { get; init; }

    /// <summary>For tokens: the token endpoint, an https address (http on loopback only).</summary>
    [Id(7)]
    public string? TokenEndpoint { get; init; }

    /// <summary>For tokens: the client's id.</summary>
    [Id(8)]
    public string? ClientId { get; init; }

    /// <summary>For tokens: where the client's secret is, as <see cref="MailboxLogin.Secret"/>.</summary>
    [Id(9)]
    public string? ClientSecret { get; init; }

    /// <summary>For tokens: the scope that is asked for.</summary>
    [Id(10)]
    public string? Scope { get; init; }

    /// <summary>How many connections of a silo read at once, 1 to 300 (Dataverse column <c>maxconcurrentconnections</c>). Default: 10.</summary>
    [Id(11)]
    public int ConnectionsMax { get; init; } = 10;

    /// <summary>How many connections of a silo wait for new mail at once, 0 to 100,000. Default: 1,000.</summary>
    [Id(12)]
    public int IdleMax { get; init; } = 1_000;

    /// <summary>The shortest time between two looks where nothing pushes. Default: 2 minutes.</summary>
    [Id(13)]
    public TimeSpan PollMin { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest time between two looks where nothing pushes. Default: 12 minutes.</summary>
    [Id(14)]
    public TimeSpan PollMax { get; init; } = TimeSpan.FromMinutes(12);

    /// <summary>How long the server may take for one answer. Default: 1 minute.</summary>
    [Id(15)]
    public TimeSpan AnswerMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Mailboxes of the profile read mail from this day on at the earliest (Dataverse column <c>processemailsreceivedafter</c>); null: any.</summary>
    [Id(16)]
    public DateOnly? StartsOn { get; init; }
}

/// <summary>Whose mailbox is opened, and by which secret.</summary>
/// <param name="Mailbox">The mailbox's address.</param>
/// <param name="UserName">The name to sign in with.</param>
/// <param name="Secret">
/// Where the password or refresh token is: <c>env:NAME</c> or <c>file:PATH</c>, at the silo. The secret itself is never stored or logged.
/// </param>
[GenerateSerializer, Immutable, Alias("MailboxLogin")]
public sealed record MailboxLogin(
    [property: Id(0)] EmailAddress Mailbox, [property: Id(1)] string UserName, [property: Id(2)] string? Secret);
