using System.Net;
using System.Net.Sockets;
using System.Text;
using EmailTracking.Connectors;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Connects to a server and signs in; again when a connection was lost.</summary>
/// <param name="profile">The server.</param>
/// <param name="login">Whose mailbox.</param>
/// <param name="tokens">Where tokens come from.</param>
/// <param name="time">The clock that time-outs are measured by.</param>
internal sealed class ImapDialer(ServerProfile profile, MailboxLogin login, AccessTokens tokens, TimeProvider time)
{
    private const int CapabilitiesMax = 100;
    private const int OpeningBytesMax = 1024 * 1024;

    /// <summary>What failures of this server mean.</summary>
    internal ServerProblems Problems { get; } = new(profile);

    /// <summary>Connects and signs in.</summary>
    /// <exception cref="MailServerException">Why not.</exception>
    internal async Task<ImapConnection> DialAsync(CancellationToken cancellationToken)
    {
        var words = new ServerWords();
        var client = new BoundedImapClient(words);
        MeteredStream? wire = null;
        try
        {
            wire = new MeteredStream(await ConnectAsync(cancellationToken), profile.AnswerMax, time);
            wire.Begin(OpeningBytesMax);
            await GreetAsync(client, wire, cancellationToken);
            await SignInAsync(client, words, cancellationToken);
            return new ImapConnection(client, wire, words, await AgreeAsync(client, words, cancellationToken));
        }
        catch (Exception failed)
        {
            client.Dispose();
            wire?.Dispose();
            if (failed is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            throw Problems.Of(failed, words, wire?.HasEnded == true);
        }
    }

    private async Task<NetworkStream> ConnectAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(profile.AnswerMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A connection that waits for mail is silent for long: something on the way may forget it.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(profile.Host, profile.Port, either.Token);
            if (profile.Security == ConnectionSecurity.None && !IsLoopback(((IPEndPoint)socket.RemoteEndPoint!).Address))
            {
                throw ServerProblems.Configuration(
                    $"Without TLS only a server on this machine is read, and {Words.Shown(profile.Host)} is not.",
                    "Set the profile's security to implicit TLS or STARTTLS.");
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception failed)
        {
            socket.Dispose();
            if (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new SilentServerException(profile.AnswerMax);
            }

            throw;
        }
    }

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private async Task GreetAsync(BoundedImapClient client, MeteredStream wire, CancellationToken cancellationToken)
    {
        var trust = new CertificateTrust(profile);

        // Revocation lists lie on servers that a silo often cannot reach; an answer that never comes would stop all mail.
        client.CheckCertificateRevocation = false;
        client.ServerCertificateValidationCallback = trust.Validate;
        try
        {
            var options = profile.Security switch
            {
                ConnectionSecurity.ImplicitTls => SecureSocketOptions.SslOnConnect,
                ConnectionSecurity.StartTls => SecureSocketOptions.StartTls,
                _ => SecureSocketOptions.None,
            };
            await client.ConnectAsync(wire, profile.Host, profile.Port, options, cancellationToken);
        }
        catch (SslHandshakeException failed)
        {
            throw Problems.OfHandshake(failed, trust.Problem);
        }
        catch (NotSupportedException failed)
        {
            throw ServerProblems.Configuration(
                $"The server {Words.Shown(profile.Host)}:{profile.Port} offers no STARTTLS.",
                "Set the profile's security to implicit TLS, and the port that the server has for it, usually 993.",
                failed);
        }
    }

    private async Task SignInAsync(BoundedImapClient client, ServerWords words, CancellationToken cancellationToken)
    {
        if (profile.SignIn == SignInMethod.Password)
        {
            var password = Secrets.Read(login.Secret, $"the password of {login.Mailbox}");
            if (!await TryAsync(client, ByPassword(client, password), password, cancellationToken))
            {
                throw Problems.OfSignIn(login.UserName, byToken: false, words);
            }

            return;
        }

        var token = await tokens.GetAsync(profile, login, refused: null, cancellationToken);
        if (await TryAsync(client, ByToken(client, token), token, cancellationToken))
        {
            return;
        }

        // A token may be taken back before its time: a new one is asked for, once.
        var next = await tokens.GetAsync(profile, login, refused: token, cancellationToken);
        if (next == token || !client.IsConnected ||
            !await TryAsync(client, ByToken(client, next), next, cancellationToken))
        {
            throw Problems.OfSignIn(login.UserName, byToken: true, words);
        }
    }

    // One attempt with one mechanism: servers that lock users out count them.
    private SaslMechanism? ByPassword(BoundedImapClient client, string password)
    {
        var offered = client.AuthenticationMechanisms;
        return offered.Contains("PLAIN") ? new SaslMechanismPlain(Encoding.UTF8, new NetworkCredential(login.UserName, password))
            : offered.Contains("SCRAM-SHA-256") ? new SaslMechanismScramSha256(login.UserName, password)
            : offered.Contains("LOGIN") ? new SaslMechanismLogin(Encoding.UTF8, new NetworkCredential(login.UserName, password))
            : null;
    }

    private SaslMechanism ByToken(BoundedImapClient client, string token) =>
        client.AuthenticationMechanisms.Contains("OAUTHBEARER") && !client.AuthenticationMechanisms.Contains("XOAUTH2")
            ? new SaslMechanismOAuthBearer(login.UserName, token)
            : new SaslMechanismOAuth2(login.UserName, token);

    private async Task<bool> TryAsync(
        BoundedImapClient client, SaslMechanism? mechanism, string secret, CancellationToken cancellationToken)
    {
        try
        {
            if (mechanism is not null)
            {
                await client.AuthenticateAsync(mechanism, cancellationToken);
            }
            else
            {
                client.AuthenticationMechanisms.Clear();
                await client.AuthenticateAsync(Encoding.UTF8, new NetworkCredential(login.UserName, secret), cancellationToken);
            }

            return true;
        }
        catch (Exception refused) when (refused is AuthenticationException or ImapCommandException)
        {
            return false;
        }
    }

    private static async Task<ServerAbilities> AgreeAsync(
        BoundedImapClient client, ServerWords words, CancellationToken cancellationToken)
    {
        var names = words.Capabilities;
        if (client.Capabilities.HasFlag(ImapCapabilities.QuickResync))
        {
            await client.EnableQuickResyncAsync(cancellationToken);
        }

        if (client.Capabilities.HasFlag(ImapCapabilities.UTF8Accept))
        {
            await client.EnableUTF8Async(cancellationToken);
        }

        // Only a folder that is open for writing tells which labels it keeps.
        await client.Inbox.OpenAsync(FolderAccess.ReadWrite, cancellationToken);
        return new ServerAbilities(
            [.. names.Take(CapabilitiesMax).Select(Words.Shown)],
            client.Capabilities.HasFlag(ImapCapabilities.Idle),
            client.Capabilities.HasFlag(ImapCapabilities.CondStore),
            client.Capabilities.HasFlag(ImapCapabilities.QuickResync) && client.Inbox.Supports(FolderFeature.QuickResync),
            client.Inbox.PermanentFlags.HasFlag(MessageFlags.UserDefined),
            client.Capabilities.HasFlag(ImapCapabilities.ObjectID),

            // Without a count of changes a folder that is not open shows no change of a label.
            client.Capabilities.HasFlag(ImapCapabilities.Notify | ImapCapabilities.Idle | ImapCapabilities.CondStore));
    }
}
