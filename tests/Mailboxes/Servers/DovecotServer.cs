using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>A private Dovecot server: the distribution's programs, with a configuration, a certificate and users of its own.</summary>
public sealed class DovecotServer : MailServer
{
    private const string Programs = "/usr/sbin/dovecot";

    private static readonly Lazy<Task<DovecotServer>> Common = new(() => StartAsync());

    private readonly PrivateServer _server;
    private readonly string[] _settings;

    private DovecotServer(PrivateServer server, string[] settings) => (_server, _settings) = (server, settings);

    /// <inheritdoc/>
    public override string Name => "Dovecot";

    /// <inheritdoc/>
    public override string AuthorityFile => _server.InFolder("tls.crt");

    private string ConfigurationFile => _server.InFolder("dovecot.conf");

    private string Command => $"exec {Programs} -F -c {ConfigurationFile}";

    /// <summary>The server that the tests of this process share; started by the first who asks.</summary>
    /// <exception cref="InvalidOperationException">There are no server programs, or they do not start: what to do is said.</exception>
    public static new Task<DovecotServer> GetAsync() => Common.Value;

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Lines of its configuration, beside those that every private server has.</param>
    /// <exception cref="InvalidOperationException">There are no server programs, or they do not start: what to do is said.</exception>
    public static Task<DovecotServer> StartAsync(params string[] settings) => StartAsync(_ => settings);

    /// <summary>Starts a server whose configuration needs files of its own.</summary>
    /// <param name="configure">Gets the server's folder, where it may write files; gives lines of its configuration.</param>
    public static async Task<DovecotServer> StartAsync(Func<string, string[]> configure)
    {
        if (!File.Exists(Programs))
        {
            throw new InvalidOperationException("There is no Dovecot. Install it (Debian: apt-get install dovecot-imapd), or run ./test, which does.");
        }

        var server = await PrivateServer.CreateAsync("dovecot");
        var dovecot = new DovecotServer(server, configure(server.Folder));
        foreach (var folder in new[] { "base", "state", "mail", "users" })
        {
            Directory.CreateDirectory(server.InFolder(folder));
        }

        if (Environment.UserName == "root")
        {
            await PrivateServer.RunAsync("chown", MailUser, server.InFolder("mail"));
        }

        TestCertificate.Write(Host, dovecot.AuthorityFile, server.InFolder("tls.key"));
        await server.StartAsync(
            2,
            ports =>
            {
                (dovecot.TlsPort, dovecot.PlainPort) = (ports[0], ports[1]);
                return File.WriteAllTextAsync(dovecot.ConfigurationFile, dovecot.Configuration());
            },
            dovecot.Command,
            IsReady);
        await dovecot.GreetAsync();
        return dovecot;
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>, on the same ports with the same mail.</summary>
    public async Task StartAsync()
    {
        await _server.StartAsync(Command, IsReady);
        await GreetAsync();
    }

    /// <summary>Stops it; connections end, mail stays.</summary>
    public Task StopAsync() => _server.StopAsync();

    /// <inheritdoc/>
    public override DovecotMailbox CreateUser(string? address = null, string password = "secret")
    {
        address ??= $"u{Guid.NewGuid():N}@contoso.com";
        File.WriteAllText(_server.InFolder(Path.Combine("users", address)), $"{address}:{{PLAIN}}{password}\n");
        return new DovecotMailbox(this, address, password);
    }

    /// <inheritdoc/>
    public override async Task KickAsync(string address)
    {
        try
        {
            await AdministerAsync("kick", address);
        }
        catch (InvalidOperationException nobody) when (nobody.Message.Contains("no users kicked", StringComparison.Ordinal))
        {
            // Nobody is signed in just now.
        }
    }

    /// <inheritdoc/>
    public override Task ChangeValidityAsync(string address, string path, uint validity) => AdministerAsync(
        "mailbox", "update", "-u", address, "--uid-validity", validity.ToString(CultureInfo.InvariantCulture), path);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Runs one of the administrator's commands.</summary>
    /// <exception cref="InvalidOperationException">It failed: what it said.</exception>
    private Task AdministerAsync(params string[] command) => PrivateServer.RunAsync("doveadm", ["-c", ConfigurationFile, .. command]);

    // Mail must not be root's.
    private static string MailUser => Environment.UserName == "root" ? "nobody:nogroup" : Environment.UserName;

    private static bool IsReady(string line) => line.Contains("starting up", StringComparison.Ordinal);

    // It listens; whether it also serves is told by its greeting.
    private async Task GreetAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, PlainPort);
        using var reader = new StreamReader(client.GetStream());
        if (await reader.ReadLineAsync() is not { } greeting || !greeting.StartsWith("* OK", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Dovecot does not greet. It said:\n{_server.Log}");
        }
    }

    private string Configuration()
    {
        var isRoot = Environment.UserName == "root";
        var (user, group) = isRoot ? ("nobody", "nogroup") : (Environment.UserName, Environment.UserName);
        return string.Create(CultureInfo.InvariantCulture, $$"""
            base_dir = {{_server.Folder}}/base
            state_dir = {{_server.Folder}}/state
            log_path = /dev/stderr
            protocols = imap
            listen = 127.0.0.1
            first_valid_uid = 1
            default_internal_user = {{(isRoot ? "dovecot" : user)}}
            default_internal_group = {{(isRoot ? "dovecot" : group)}}
            default_login_user = {{(isRoot ? "dovenull" : user)}}
            {{(isRoot ? "" : "service anvil {\n  chroot =\n}\nservice imap-login {\n  chroot =\n}")}}
            default_process_limit = 1000
            service imap-login {
              inet_listener imap {
                port = {{PlainPort}}
              }
              inet_listener imaps {
                port = {{TlsPort}}
                ssl = yes
              }
            }
            ssl = yes
            ssl_cert = <{{_server.Folder}}/tls.crt
            ssl_key = <{{_server.Folder}}/tls.key
            disable_plaintext_auth = no
            auth_mechanisms = plain login xoauth2
            auth_failure_delay = 0
            mail_max_userip_connections = 0
            passdb {
              driver = passwd-file
              args = scheme=PLAIN username_format=%u {{_server.Folder}}/users/%u
            }
            userdb {
              driver = static
              args = uid={{user}} gid={{group}} home={{_server.Folder}}/mail/%u allow_all_users=yes
            }
            mail_location = sdbox:~/mail
            mail_fsync = never
            # The kernel tells of changes in at most as many mailboxes at once as fs.inotify.max_user_instances (often 128); the others are
            # looked into this often, by default every 30 seconds.
            mailbox_idle_check_interval = 1 secs
            namespace inbox {
              inbox = yes
              separator = /
              mailbox Sent {
                auto = create
                special_use = \Sent
              }
              mailbox Trash {
                auto = create
                special_use = \Trash
              }
            }
            {{string.Join('\n', _settings)}}

            """);
    }
}
