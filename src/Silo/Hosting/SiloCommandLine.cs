using System.CommandLine;
using EmailTracking.Silo.Web;

namespace EmailTracking.Silo.Hosting;

/// <summary>The silo's command line: each option is also a setting.</summary>
public sealed class SiloCommandLine
{
    private readonly Option<bool> _cluster = new("--cluster") { Description = "Run as one silo of a cluster over PostgreSQL." };

    private readonly Option<string?> _connectionString = new("--connection-string")
    {
        Description = "The PostgreSQL database of the cluster. Better given as EmailTracking__Silo__ConnectionString.",
    };

    private readonly Option<string?> _data = new("--data") { Description = "Where a single silo keeps its files. Default: ./data" };

    private readonly Option<string?> _address = new("--address")
    {
        Description = "The IP address that silos and clients reach this one at. Default: 127.0.0.1",
    };

    private readonly Option<string?> _privateNetwork = new("--private-network")
    {
        Description = "The private network of an address outside loopback, for example 10.0.0.0/8.",
    };

    private readonly Option<int?> _siloPort = new("--silo-port") { Description = "The port for other silos. Default: 11111" };

    private readonly Option<int?> _gatewayPort = new("--gateway-port") { Description = "The port for clients. Default: 30000" };

    private readonly Option<int?> _webPort = new("--web-port")
    {
        Description = "The port of the page and the API; 0 for none. Default: 8480, none with --cluster",
    };

    private readonly Option<string?> _webAddress = new("--web-address")
    {
        Description = "The IP address that the page and the API are served on; any but loopback needs authentication and a certificate. Default: 127.0.0.1",
    };

    private readonly Option<string?> _webName = new("--web-name") { Description = "The host name that browsers know it by." };

    private readonly Option<string?> _webCertificate = new("--web-certificate")
    {
        Description = "The certificate for TLS: a PEM file, or a PFX file whose secret EmailTracking__Web__CertificateSecret names.",
    };

    private readonly Option<string?> _webCertificateKey = new("--web-certificate-key") { Description = "The file with the key of a PEM certificate." };

    private readonly Option<bool> _webAuthentication = new("--web-authentication")
    {
        Description = "Everybody has to say who they are, with a key or a token; anywhere but on loopback it has to be set.",
    };

    private readonly Option<DirectoryInfo?> _import = new("--import")
    {
        Description = "Load an organization and its mail from a folder, show what was tracked and why, and go on serving.",
    };

    /// <summary>Reads the arguments, and runs the silo with the settings that they give.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="run">Runs the silo with settings by their configuration names, and the folder to import.</param>
    /// <returns>The exit code.</returns>
    public Task<int> InvokeAsync(
        string[] args, Func<Dictionary<string, string?>, DirectoryInfo?, CancellationToken, Task<int>> run)
    {
        var root = new RootCommand("EmailTracking: one silo. Without options, a cluster of its own over SQLite in ./data.")
        {
            _cluster, _connectionString, _data, _address, _privateNetwork, _siloPort, _gatewayPort, _webPort, _webAddress, _webName,
            _webCertificate, _webCertificateKey, _webAuthentication, _import,
        };
        root.SetAction((parsed, cancellationToken) => run(Settings(parsed), parsed.GetValue(_import), cancellationToken));

        // The host answers to SIGTERM and drains; the command line would give up after two seconds.
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private Dictionary<string, string?> Settings(ParseResult parsed)
    {
        var given = new Dictionary<string, string?>
        {
            [nameof(SiloOptions.Cluster)] = parsed.GetValue(_cluster) ? "true" : null,
            [nameof(SiloOptions.ConnectionString)] = parsed.GetValue(_connectionString),
            [nameof(SiloOptions.Data)] = parsed.GetValue(_data),
            [nameof(SiloOptions.Address)] = parsed.GetValue(_address),
            [nameof(SiloOptions.PrivateNetwork)] = parsed.GetValue(_privateNetwork),
            [nameof(SiloOptions.SiloPort)] = parsed.GetValue(_siloPort)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            [nameof(SiloOptions.GatewayPort)] = parsed.GetValue(_gatewayPort)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        var web = new Dictionary<string, string?>
        {
            [nameof(WebOptions.Port)] = parsed.GetValue(_webPort)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            [nameof(WebOptions.Address)] = parsed.GetValue(_webAddress),
            [nameof(WebOptions.PublicName)] = parsed.GetValue(_webName),
            [nameof(WebOptions.Certificate)] = parsed.GetValue(_webCertificate),
            [nameof(WebOptions.CertificateKey)] = parsed.GetValue(_webCertificateKey),
            [nameof(WebOptions.Authentication)] = parsed.GetValue(_webAuthentication) ? nameof(WebAuthentication.Required) : null,
        };
        return Named("Silo", given).Concat(Named("Web", web)).ToDictionary();
    }

    private static IEnumerable<KeyValuePair<string, string?>> Named(string section, Dictionary<string, string?> values) => values
        .Where(one => one.Value is not null)
        .Select(one => KeyValuePair.Create($"EmailTracking:{section}:{one.Key}", one.Value));
}
