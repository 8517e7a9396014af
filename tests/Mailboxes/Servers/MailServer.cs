namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>A private mail server: a distribution's programs, with a configuration, a certificate and users of its own.</summary>
/// <remarks>
/// It listens on free ports of the loopback interface, one with TLS from the first byte and one without. Which server tests run against
/// that ask for any is chosen by the environment variable <see cref="Choice"/>: <c>dovecot</c> (when it is not set) or <c>cyrus</c>.
/// </remarks>
public abstract class MailServer : IAsyncDisposable
{
    /// <summary>The environment variable that chooses.</summary>
    public const string Choice = "EMAILTRACKING_TEST_MAIL_SERVER";

    /// <summary>The trait of tests that run against the server that is chosen: <see cref="Any"/>.</summary>
    public const string Trait = "Server";

    /// <inheritdoc cref="Trait"/>
    public const string Any = "Any";

    /// <summary>The name that its certificate is for.</summary>
    public const string Host = "localhost";

    /// <summary>Its name, as its makers write it.</summary>
    public abstract string Name { get; }

    /// <summary>Where TLS begins with the first byte.</summary>
    public int TlsPort { get; private protected set; }

    /// <summary>Where it does not, but STARTTLS is offered.</summary>
    public int PlainPort { get; private protected set; }

    /// <summary>The file with the certificate that vouches for its own (PEM).</summary>
    public abstract string AuthorityFile { get; }

    /// <summary>Which server is chosen.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name.</exception>
    internal static MailServerKind Chosen => Environment.GetEnvironmentVariable(Choice) switch
    {
        null or "" or "dovecot" => MailServerKind.Dovecot,
        "cyrus" => MailServerKind.Cyrus,
        var other => throw new InvalidOperationException($"{Choice} is {other}. It is dovecot or cyrus."),
    };

    /// <summary>The server that is chosen, shared by the tests of this process; started by the first who asks.</summary>
    /// <exception cref="InvalidOperationException">There are no server programs, or they do not start: what to do is said.</exception>
    public static async Task<MailServer> GetAsync() =>
        Chosen == MailServerKind.Cyrus ? await CyrusServer.GetAsync() : await DovecotServer.GetAsync();

    /// <summary>Makes a user with an empty mailbox of its own; the name is unique when none is given.</summary>
    public abstract DovecotMailbox CreateUser(string? address = null, string password = "secret");

    /// <summary>Ends all sessions of a user, as an administrator does; nothing happens when there are none.</summary>
    public abstract Task KickAsync(string address);

    /// <summary>Gives a folder another numbering (UIDVALIDITY); messages keep their numbers.</summary>
    /// <exception cref="NotSupportedException">It has no way to.</exception>
    public abstract Task ChangeValidityAsync(string address, string path, uint validity);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>The servers that tests can run against.</summary>
internal enum MailServerKind
{
    /// <summary>Dovecot, installed.</summary>
    Dovecot,

    /// <summary>Cyrus IMAP, unpacked.</summary>
    Cyrus,
}
