using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Hosting;

/// <summary>What kind of silo this is. Set on the command line, as <c>EmailTracking__Silo__…</c>, or in appsettings.json.</summary>
public sealed class SiloOptions
{
    /// <summary>Whether the silo is one of a cluster over PostgreSQL. Default: false, one silo over SQLite.</summary>
    public bool Cluster { get; set; }

    /// <summary>The PostgreSQL database of a cluster. Default: none.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Where a single silo keeps its files. Default: <c>./data</c>.</summary>
    [Required]
    public string Data { get; set; } = "data";

    /// <summary>The address that other silos and clients reach this one at. Default: 127.0.0.1.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>
    /// The private network that <see cref="Address"/> lies in, for example <c>10.0.0.0/8</c>. Whoever reaches the ports is trusted, so
    /// an address outside loopback is refused unless this names its network. Default: none.
    /// </summary>
    public string? PrivateNetwork { get; set; }

    /// <summary>The port for other silos. Default: 11111.</summary>
    [Range(1, 65535)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port for clients. Default: 30000.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The name that silos and clients of one cluster share. Default: emailtracking.</summary>
    [Required]
    public string ClusterId { get; set; } = "emailtracking";

    /// <summary>How long a silo may take to finish what it has begun when it is told to stop. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan DrainFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the Orleans dashboard gathers figures, and is at <c>/dashboard</c> where there is a web server; the same for all silos of a
    /// cluster. Each call of a grain costs a little more then. Default: false.
    /// </summary>
    public bool Dashboard { get; set; }
}

/// <summary>Checks the ranges of <see cref="SiloOptions"/>.</summary>
[OptionsValidator]
public sealed partial class SiloOptionsRanges : IValidateOptions<SiloOptions>;

/// <summary>Checks what <see cref="SiloOptions"/> say together: a wrong setting stops the silo at its start, by name.</summary>
public sealed class SiloOptionsValidator : IValidateOptions<SiloOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SiloOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Cluster && string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            return ValidateOptionsResult.Fail(
                "--cluster needs a PostgreSQL database: give --connection-string \"Host=…;Database=…;Username=…;Password=…\".");
        }

        if (!IPAddress.TryParse(options.Address, out var address))
        {
            return ValidateOptionsResult.Fail($"--address takes an IP address, not '{options.Address}'.");
        }

        return IPAddress.IsLoopback(address) || IsPrivate(address, options.PrivateNetwork)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Whoever reaches the ports of {address} is trusted. Name the private network that it lies in, " +
                "for example --private-network 10.0.0.0/8, or use a loopback address.");
    }

    private static bool IsPrivate(IPAddress address, string? network) =>
        IPNetwork.TryParse(network, out var parsed) && parsed.Contains(address);
}
