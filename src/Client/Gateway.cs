using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EmailTracking.Client;

/// <summary>A place where a cluster takes calls.</summary>
/// <param name="Host">A name or an address; IPv6 addresses are written in square brackets.</param>
/// <param name="Port">1 to 65,535.</param>
internal readonly record struct Gateway(string Host, int Port)
{
    public static bool TryParse(string? text, out Gateway gateway)
    {
        gateway = default;
        var trimmed = text?.Trim() ?? "";
        var colon = trimmed.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(trimmed[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ||
            port is < 1 or > IPEndPoint.MaxPort)
        {
            return false;
        }

        var host = trimmed[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        gateway = new Gateway(host, port);
        return Uri.CheckHostName(host) != UriHostNameType.Unknown;
    }

    public static Gateway Parse(string text) =>
        TryParse(text, out var gateway) ? gateway : throw new FormatException($"'{text}' is no gateway: give host:port.");

    public static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <exception cref="SocketException">The name is not known.</exception>
    public async Task<IPEndPoint> ResolveAsync(CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(Host, out var address))
        {
            return new IPEndPoint(address, Port);
        }

        var found = await Dns.GetHostAddressesAsync(Host, cancellationToken);
        return new IPEndPoint(found.FirstOrDefault(one => one.AddressFamily == AddressFamily.InterNetwork) ?? found[0], Port);
    }
}
