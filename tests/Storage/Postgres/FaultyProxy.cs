using System.Net;
using System.Net.Sockets;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>The way to a server, with faults: connections made through it are cut or frozen when the test says so.</summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string _host;
    private readonly int _port;
    private volatile Fault _fault;
    private volatile TaskCompletionSource _struck = new();

    public FaultyProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public enum Fault
    {
        None,

        /// <summary>The server's next answer is swallowed, and both ends find the connection closed.</summary>
        CutAnswer,

        /// <summary>What the client sends does not arrive; nobody is told.</summary>
        FreezeQuestion,

        /// <summary>What the server answers does not arrive; nobody is told.</summary>
        FreezeAnswer,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What befalls the next bytes; each fault befalls one connection.</summary>
    /// <returns>Completes when it has.</returns>
    public Task Arm(Fault fault)
    {
        _struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _fault = fault;
        return _struck.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(_host, _port, _end.Token);
                await Task.WhenAny(
                    PumpAsync(client, server, Fault.FreezeQuestion), PumpAsync(server, client, Fault.FreezeAnswer));
            }
            catch (SocketException)
            {
                // The server is down: the client finds the connection closed.
            }
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Fault freezing)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (var frozen = false; ;)
            {
                var length = await from.GetStream().ReadAsync(buffer, _end.Token);
                if (length == 0)
                {
                    return;
                }

                if (freezing == Fault.FreezeAnswer && Take(Fault.CutAnswer))
                {
                    return;
                }

                frozen |= Take(freezing);
                if (!frozen)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, length), _end.Token);
                }
            }
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private bool Take(Fault fault)
    {
        if (_fault != fault)
        {
            return false;
        }

        _fault = Fault.None;
        _struck.TrySetResult();
        return true;
    }
}
