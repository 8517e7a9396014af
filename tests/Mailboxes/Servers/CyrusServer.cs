using System.Globalization;

namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>A private Cyrus IMAP server. Its package conflicts with Dovecot's, so its programs are unpacked (see <c>unpack-cyrus.sh</c>).</summary>
/// <remarks>Folders lie beside the Inbox and below it, with <c>/</c> between, as in other servers and as its makers advise; Debian sets it otherwise.</remarks>
public sealed class CyrusServer : MailServer
{
    private const string Ready = "Cyrus serves";

    private static readonly Lazy<Task<CyrusServer>> Common = new(StartAsync);

    private readonly PrivateServer _server;
    private readonly PasswordDoor _door;

    private CyrusServer(PrivateServer server) => (_server, _door) = (server, new PasswordDoor(server.InFolder("state/door/mux")));

    /// <summary>Where its programs are unpacked.</summary>
    public static string Prefix =>
        Environment.GetEnvironmentVariable("EMAILTRACKING_TEST_CYRUS") is { Length: > 0 } folder ? folder :
        Environment.UserName == "root" ? "/var/cache/emailtracking/cyrus" :
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/emailtracking/cyrus");

    /// <inheritdoc/>
    public override string Name => "Cyrus";

    /// <inheritdoc/>
    public override string AuthorityFile => _server.InFolder("tls.crt");

    private static string Programs => Path.Combine(Prefix, "usr/lib/cyrus/bin");

    // Mail must not be root's; what it was compiled to run as need not exist here.
    private static (string User, string Group) MailUser =>
        Environment.UserName == "root" ? ("nobody", "nogroup") : (Environment.UserName, Environment.UserName);

    /// <inheritdoc cref="MailServer.GetAsync"/>
    public static new Task<CyrusServer> GetAsync() => Common.Value;

    /// <summary>Why it cannot be started here, and what to do; null when it can.</summary>
    internal static string? Problem => File.Exists(Path.Combine(Programs, "master"))
        ? null
        : $"There is no Cyrus IMAP here. On Debian, tests/Mailboxes/Servers/unpack-cyrus.sh {Prefix} gets it; ./test does so.";

    /// <inheritdoc/>
    public override DovecotMailbox CreateUser(string? address = null, string password = "secret")
    {
        address ??= $"u{Guid.NewGuid():N}@contoso.com";
        _door.Admit(address, password);
        return new DovecotMailbox(this, address, password);
    }

    /// <inheritdoc/>
    public override async Task KickAsync(string address)
    {
        // Each session is a process that notes whose it is.
        foreach (var process in Directory.GetFiles(_server.InFolder("state/proc")))
        {
            if ((await ReadAsync(process)).Contains(address, StringComparison.Ordinal))
            {
                await PrivateServer.RunAsync("sh", "-c", $"kill {Path.GetFileName(process)} || true");
            }
        }
    }

    /// <inheritdoc/>
    public override Task ChangeValidityAsync(string address, string path, uint validity) =>
        throw new NotSupportedException("Cyrus has no command that numbers a folder anew.");

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _door.DisposeAsync();
    }

    private static async Task<CyrusServer> StartAsync()
    {
        if (Problem is { } problem)
        {
            throw new InvalidOperationException(problem);
        }

        var server = await PrivateServer.CreateAsync("cyrus");
        foreach (var folder in new[] { "backup", "db", "door", "lock", "log", "msg", "proc", "quota", "socket", "sync", "user" })
        {
            Directory.CreateDirectory(server.InFolder(Path.Combine("state", folder)));
        }

        Directory.CreateDirectory(server.InFolder("spool"));
        var cyrus = new CyrusServer(server);
        TestCertificate.Write(Host, cyrus.AuthorityFile, server.InFolder("tls.key"));
        if (Environment.UserName == "root")
        {
            await PrivateServer.RunAsync(
                "chown", "-R", $"{MailUser.User}:{MailUser.Group}", server.InFolder("state"), server.InFolder("spool"), server.InFolder("tls.key"));
        }

        await File.WriteAllTextAsync(server.InFolder("imapd.conf"), cyrus.Configuration());
        await server.StartAsync(
            2,
            ports =>
            {
                (cyrus.TlsPort, cyrus.PlainPort) = (ports[0], ports[1]);
                return File.WriteAllTextAsync(server.InFolder("cyrus.conf"), cyrus.Services());
            },
            cyrus.Command(),
            line => line == Ready);
        return cyrus;
    }

    private static async Task<string> ReadAsync(string file)
    {
        try
        {
            return await File.ReadAllTextAsync(file);
        }
        catch (IOException)
        {
            // The session ended meanwhile.
            return "";
        }
    }

    private string Command()
    {
        var libraries = string.Join(':', Directory.GetDirectories(Path.Combine(Prefix, "usr/lib"), "*-linux-gnu*"));
        return $"""
            export LD_LIBRARY_PATH={libraries} CYRUS_USER={MailUser.User} CYRUS_GROUP={MailUser.Group}
            exec {Programs}/master -D -C {_server.InFolder("imapd.conf")} -M {_server.InFolder("cyrus.conf")} -p {_server.InFolder("state/pid")}
            """;
    }

    private string Configuration() => $"""
        configdirectory: {_server.InFolder("state")}
        proc_path: {_server.InFolder("state/proc")}
        mboxname_lockpath: {_server.InFolder("state/lock")}
        idlesocket: {_server.InFolder("state/socket/idle")}
        defaultpartition: default
        partition-default: {_server.InFolder("spool")}
        hashimapspool: yes
        cyrus_user: {MailUser.User}
        cyrus_group: {MailUser.Group}
        altnamespace: yes
        unixhierarchysep: yes
        virtdomains: userid
        autocreate_quota: 0
        autocreate_inbox_folders: Sent | Trash
        xlist-sent: Sent
        xlist-trash: Trash
        allowplaintext: yes
        sasl_mech_list: PLAIN LOGIN
        sasl_pwcheck_method: saslauthd
        sasl_saslauthd_path: {_door.Path}
        tls_server_cert: {AuthorityFile}
        tls_server_key: {_server.InFolder("tls.key")}

        """;

    // It logs to the system's log only. An event, which it runs once its services listen, says that it serves.
    private string Services()
    {
        var imapd = $"{Programs}/imapd -C {_server.InFolder("imapd.conf")}";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            START {
              recover cmd="{{Programs}}/ctl_cyrusdb -C {{_server.InFolder("imapd.conf")}} -r"
            }
            SERVICES {
              imap cmd="{{imapd}}" listen="127.0.0.1:{{PlainPort}}" maxchild=1000
              imaps cmd="{{imapd}} -s" listen="127.0.0.1:{{TlsPort}}" maxchild=1000
            }
            DAEMON {
              idled cmd="{{Programs}}/idled -C {{_server.InFolder("imapd.conf")}}"
            }
            EVENTS {
              ready cmd="/bin/echo {{Ready}}" period=10000
            }

            """);
    }
}
