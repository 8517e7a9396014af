using System.Globalization;
using System.Text.RegularExpressions;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>A private Postfix: the distribution's programs, with a configuration and a queue of its own, on loopback.</summary>
/// <remarks>It hands mail to the transports that it is configured with, and throws away what is for anybody else, bounces for example.</remarks>
public sealed partial class PostfixServer : IAsyncDisposable
{
    /// <summary>Where the distribution has it.</summary>
    public const string Programs = "/usr/sbin/postfix";

    private readonly PrivateServer _server;
    private int _port;

    private PostfixServer(PrivateServer server) => _server = server;

    private string Configuration => _server.InFolder("config");

    private string Queue => _server.InFolder("queue");

    /// <summary>Starts a server.</summary>
    /// <param name="transport">Gets the server's folder, where it may write files; gives what its configuration has beside what every private server has.</param>
    /// <exception cref="InvalidOperationException">It does not start: what it said.</exception>
    public static async Task<PostfixServer> StartAsync(Func<string, Task<PostfixTransport>> transport)
    {
        var postfix = new PostfixServer(await PrivateServer.CreateAsync("postfix"));
        var server = postfix._server;
        Directory.CreateDirectory(postfix.Configuration);
        Directory.CreateDirectory(postfix.Queue);
        Directory.CreateDirectory(server.InFolder("data"));
        await PrivateServer.RunAsync("chown", "postfix", server.InFolder("data"));
        var added = await transport(server.Folder);
        await File.WriteAllTextAsync(Path.Combine(postfix.Configuration, "main.cf"), postfix.Main(added.Main));
        await File.WriteAllTextAsync(Path.Combine(postfix.Configuration, "transport"), added.Transports);
        await PrivateServer.RunAsync("postmap", "-c", postfix.Configuration, Path.Combine(postfix.Configuration, "transport"));
        var programs = (await PrivateServer.RunAsync("postconf", "-h", "-c", postfix.Configuration, "daemon_directory")).Trim();
        await server.StartAsync(
            1,
            ports =>
            {
                postfix._port = ports[0];
                return File.WriteAllTextAsync(Path.Combine(postfix.Configuration, "master.cf"), postfix.Master(added.Master));
            },
            $"{Programs} -c {postfix.Configuration} check && exec {programs}/master -c {postfix.Configuration} -s",
            line => line.Contains("daemon started", StringComparison.Ordinal));
        return postfix;
    }

    /// <summary>Sends a raw mail by SMTP, as another server does.</summary>
    /// <returns>Its id in the queue.</returns>
    public async Task<string> SendAsync(string from, string raw, params string[] to)
    {
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", _port, SecureSocketOptions.None);
        using var content = new MemoryStream(System.Text.Encoding.Latin1.GetBytes(raw));
        using var message = await MimeMessage.LoadAsync(content);
        var answer = await client.SendAsync(message, MailboxAddress.Parse(from), to.Select(MailboxAddress.Parse));
        await client.DisconnectAsync(quit: true);
        return answer[(answer.LastIndexOf(' ') + 1)..].TrimEnd();
    }

    /// <summary>Waits until a mail was handed on, or could not be.</summary>
    /// <param name="id">Its id in the queue.</param>
    /// <param name="to">The recipient.</param>
    /// <param name="attempt">Which attempt is meant, from 1.</param>
    public async Task<PostfixDelivery> DeliveryAsync(string id, string to, int attempt = 1)
    {
        var line = await _server.SaysAsync(said => said.Contains($" {id}: to=<{to}>", StringComparison.Ordinal) && --attempt == 0);
        var parts = StatusForm().Match(line);
        return new PostfixDelivery(parts.Groups["status"].Value, parts.Groups["code"].Value, parts.Groups["said"].Value);
    }

    /// <summary>Waits until a mail is sent back.</summary>
    /// <returns>The id of what its sender gets.</returns>
    public async Task<string> BounceAsync(string id)
    {
        const string words = "sender non-delivery notification: ";
        var line = await _server.SaysAsync(said => said.Contains($" {id}: {words}", StringComparison.Ordinal));
        return line[(line.IndexOf(words, StringComparison.Ordinal) + words.Length)..].Trim();
    }

    /// <summary>Waits until it is done with a mail.</summary>
    public Task DoneAsync(string id) => _server.SaysAsync(said => said.EndsWith($" {id}: removed", StringComparison.Ordinal));

    /// <summary>Whether a mail waits in its queue.</summary>
    public async Task<bool> IsQueuedAsync(string id) =>
        (await PrivateServer.RunAsync("postqueue", "-c", Configuration, "-p")).Contains(id, StringComparison.Ordinal);

    /// <summary>Has it try all that waits now.</summary>
    public Task FlushAsync() => PrivateServer.RunAsync("postqueue", "-c", Configuration, "-f");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // Mail is taken as from a stranger: nothing is added to its headers. What failed waits until it is asked for.
    private string Main(string added) => $"""
        compatibility_level = 3.6
        queue_directory = {Queue}
        data_directory = {_server.InFolder("data")}
        maillog_file = /dev/stdout
        myhostname = mail.contoso.com
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 127.0.0.0/8
        mydestination =
        local_header_rewrite_clients =
        local_recipient_maps =
        alias_maps =
        default_transport = discard
        relay_transport = discard
        local_transport = discard
        smtpd_peername_lookup = no
        smtpd_relay_restrictions = permit_mynetworks, reject
        minimal_backoff_time = 1h
        maximal_backoff_time = 1h
        {added}

        """;

    private string Master(string added) => string.Create(CultureInfo.InvariantCulture, $"""
        127.0.0.1:{_port} inet n - n - - smtpd
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        flush unix n - n 1000? 0 flush
        proxymap unix - - n - - proxymap
        showq unix n - n - - showq
        error unix - - n - - error
        retry unix - - n - - error
        discard unix - - n - - discard
        postlog unix-dgram n - n - 1 postlogd
        {added}

        """);

    [GeneratedRegex(@"dsn=(?<code>[\d.]+), status=(?<status>\w+) \((?<said>.*)\)$")]
    private static partial Regex StatusForm();
}

/// <summary>What a Postfix is told of a transport.</summary>
/// <param name="Master">Lines of <c>master.cf</c>.</param>
/// <param name="Main">Lines of <c>main.cf</c>.</param>
/// <param name="Transports">Lines of the table of transports, <c>transport</c> beside the others.</param>
public sealed record PostfixTransport(string Master, string Main, string Transports);

/// <summary>What became of a mail for one recipient.</summary>
/// <param name="Status"><c>sent</c>, <c>deferred</c> or <c>bounced</c>.</param>
/// <param name="Code">The enhanced status code (RFC 3463).</param>
/// <param name="Said">What the transport said.</param>
public sealed record PostfixDelivery(string Status, string Code, string Said);
