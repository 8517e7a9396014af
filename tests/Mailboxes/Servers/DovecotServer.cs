using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>A private Dovecot server: the distribution's programs, with a configuration, a certificate and users of its own.</summary>
/// <remarks>
/// It listens on free ports of the loopback interface, one with TLS from the first byte and one without (and with STARTTLS). It is stopped
/// and deleted when it is disposed or this process ends, also when it is killed (see private-dovecot.sh).
/// </remarks>
public sealed class DovecotServer : IAsyncDisposable
{
    /// <summary>The name that its certificate is for.</summary>
    public const string Host = "localhost";

    private const int StartAttemptsMax = 5;
    private const string Programs = "/usr/sbin/dovecot";

    private static readonly Lazy<Task<DovecotServer>> Common = new(() => StartAsync());

    private readonly Process _supervisor;
    private readonly string _folder;
    private readonly string[] _settings;

    private DovecotServer(Process supervisor, string folder, string[] settings)
    {
        (_supervisor, _folder, _settings) = (supervisor, folder, settings);
        AppDomain.CurrentDomain.ProcessExit += End;
    }

    /// <summary>Where TLS begins with the first byte.</summary>
    public int TlsPort { get; private set; }

    /// <summary>Where it does not, but STARTTLS is offered.</summary>
    public int PlainPort { get; private set; }

    /// <summary>The file with the certificate that vouches for its own (PEM).</summary>
    public string AuthorityFile => Path.Combine(_folder, "tls.crt");

    /// <summary>What it wrote into its log.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => Path.Combine(_folder, "log");

    private string ConfigurationFile => Path.Combine(_folder, "dovecot.conf");

    /// <summary>The server that the tests of this process share; started by the first who asks.</summary>
    /// <exception cref="InvalidOperationException">There are no server programs, or they do not start: what to do is said.</exception>
    public static Task<DovecotServer> GetAsync() => Common.Value;

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

        using var script = new StreamReader(typeof(DovecotServer).Assembly.GetManifestResourceStream("private-dovecot.sh")!);
        var supervisor = Process.Start(new ProcessStartInfo("sh", ["-c", await script.ReadToEndAsync(), "private-dovecot", MailUser, Programs])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var folder = await supervisor.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("No folder for Dovecot can be made.");
        var server = new DovecotServer(supervisor, folder, configure(folder));
        server.WriteCertificate();
        for (var attempt = 1; ; attempt++)
        {
            // Somebody else may take the ports before the server does; then others are tried.
            (server.TlsPort, server.PlainPort) = FreePorts();
            try
            {
                await server.StartAsync();
                return server;
            }
            catch (InvalidOperationException) when (attempt < StartAttemptsMax && server.Log.Contains("Address already in use", StringComparison.Ordinal))
            {
                File.Delete(server.LogFile);
            }
        }
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>, on the same ports with the same mail.</summary>
    public async Task StartAsync()
    {
        await File.WriteAllTextAsync(ConfigurationFile, Configuration());
        await _supervisor.StandardInput.WriteLineAsync("start");
        await _supervisor.StandardInput.FlushAsync();
        if (await _supervisor.StandardOutput.ReadLineAsync() != "ready")
        {
            throw new InvalidOperationException($"Dovecot did not start. It said:\n{Log}");
        }

        // It listens; whether it also serves is told by its greeting.
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, PlainPort);
        using var reader = new StreamReader(client.GetStream());
        if (await reader.ReadLineAsync() is not { } greeting || !greeting.StartsWith("* OK", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Dovecot does not greet. It said:\n{Log}");
        }
    }

    /// <summary>Stops it; connections end, mail stays.</summary>
    public async Task StopAsync()
    {
        await _supervisor.StandardInput.WriteLineAsync("stop");
        await _supervisor.StandardInput.FlushAsync();
        while (await _supervisor.StandardOutput.ReadLineAsync() is { } line && line != "ended")
        {
        }
    }

    /// <summary>Makes a user with an empty mailbox of its own; the name is unique when none is given.</summary>
    public DovecotMailbox CreateUser(string? address = null, string password = "secret")
    {
        address ??= $"u{Guid.NewGuid():N}@contoso.com";
        File.WriteAllText(Path.Combine(_folder, "users", address), $"{address}:{{PLAIN}}{password}\n");
        return new DovecotMailbox(this, address, password);
    }

    /// <summary>Ends all sessions of a user, as an administrator does.</summary>
    public Task KickAsync(string address) => AdministerAsync("kick", address);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= End;
        _supervisor.StandardInput.Close();
        await _supervisor.WaitForExitAsync();
        _supervisor.Dispose();
    }

    private void End(object? sender, EventArgs nothing) => _supervisor.StandardInput.Close();

    /// <summary>Runs one of the administrator's commands.</summary>
    /// <exception cref="InvalidOperationException">It failed: what it said.</exception>
    internal async Task AdministerAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo("doveadm", ["-c", ConfigurationFile, .. command])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"doveadm {string.Join(' ', command)}: {string.Concat(said)}");
        }
    }

    // Mail must not be root's.
    private static string MailUser => Environment.UserName == "root" ? "nobody:nogroup" : Environment.UserName;

    private static (int First, int Second) FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }

    private void WriteCertificate()
    {
        using var certificate = TestCertificate.For(Host);
        File.WriteAllText(AuthorityFile, certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "tls.key"), TestCertificate.KeyOf(certificate));
    }

    private string Configuration()
    {
        var isRoot = Environment.UserName == "root";
        var (user, group) = isRoot ? ("nobody", "nogroup") : (Environment.UserName, Environment.UserName);
        return string.Create(CultureInfo.InvariantCulture, $$"""
            base_dir = {{_folder}}/base
            state_dir = {{_folder}}/state
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
            ssl_cert = <{{_folder}}/tls.crt
            ssl_key = <{{_folder}}/tls.key
            disable_plaintext_auth = no
            auth_mechanisms = plain login xoauth2
            auth_failure_delay = 0
            mail_max_userip_connections = 0
            passdb {
              driver = passwd-file
              args = scheme=PLAIN username_format=%u {{_folder}}/users/%u
            }
            userdb {
              driver = static
              args = uid={{user}} gid={{group}} home={{_folder}}/mail/%u allow_all_users=yes
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
