using System.Net;
using System.Net.Sockets;

namespace EmailTracking.Tests.Crash;

/// <summary>Ports that stay free while the process that has them is dead: no outgoing connection is given one of these.</summary>
internal static class Ports
{
    private const int First = 10_240;
    private const int Last = 32_000;

    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }
    }
}
