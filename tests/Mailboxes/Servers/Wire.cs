using System.Net;
using System.Net.Sockets;
using System.Text;
using EmailTracking.Connectors;

namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>The way to a server: what the client sends is kept, and connections are cut when the test says so.</summary>
public sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<TcpClient> _clients = [];
    private readonly StringBuilder _sent = new();
    private readonly StringBuilder _answered = new();
    private readonly List<(string Text, Func<Task> Act)> _before = [];
    private readonly int _port;
    private long _cutAfter = long.MaxValue;

    public Wire(int port)
    {
        _port = port;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were made through it.</summary>
    public int Connections { get; private set; }

    /// <summary>What clients sent, without TLS: the commands, line by line.</summary>
    public string[] Commands
    {
        get
        {
            lock (_lock)
            {
                return _sent.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            }
        }
    }

    /// <summary>What the server sent, without TLS.</summary>
    public string Answered
    {
        get
        {
            lock (_lock)
            {
                return _answered.ToString();
            }
        }
    }

    /// <summary>A profile of a server that is reached by it.</summary>
    public ServerProfile Of(ServerProfile profile) => profile with { Port = Port, Security = ConnectionSecurity.None };

    /// <summary>Does something, once, before the server gets the next command with this text.</summary>
    public void Before(string text, Func<Task> act)
    {
        lock (_lock)
        {
            _before.Add((text, act));
        }
    }

    /// <summary>Done before the server gets anything that the client sends.</summary>
    public Func<string, Task> BeforeEach { get; set; } = _ => Task.CompletedTask;

    /// <summary>Cuts all connections now.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            foreach (var client in _clients)
            {
                client.Dispose();
            }

            _clients.Clear();
        }
    }

    /// <summary>Cuts the connection that gets this many more bytes from the server; each time this is called, once.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref _cutAfter, bytes);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Cut();
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
            lock (_lock)
            {
                Connections++;
                _clients.Add(client);
            }

            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _port, _end.Token);
                await Task.WhenAny(PumpAsync(client, server, isClient: true), PumpAsync(server, client, isClient: false));
            }
            catch (SocketException)
            {
                // The server is down: the client finds the connection closed.
            }
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isClient)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var length)
            {
                if (isClient)
                {
                    var sent = Encoding.Latin1.GetString(buffer, 0, length);
                    await TakenBefore(sent)();
                    await BeforeEach(sent);
                }
                else if (Volatile.Read(ref _cutAfter) != long.MaxValue && Interlocked.Add(ref _cutAfter, -length) < 0)
                {
                    length += (int)Volatile.Read(ref _cutAfter);
                    Interlocked.Exchange(ref _cutAfter, long.MaxValue);
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, Math.Max(0, length)), _end.Token);
                    return;
                }

                if (!isClient)
                {
                    Keep(Encoding.Latin1.GetString(buffer, 0, length));
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, length), _end.Token);
            }
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private void Keep(string answered)
    {
        lock (_lock)
        {
            _answered.Append(answered);
        }
    }

    private Func<Task> TakenBefore(string sent)
    {
        lock (_lock)
        {
            _sent.Append(sent);
            var next = _before.FindIndex(one => sent.Contains(one.Text, StringComparison.Ordinal));
            if (next < 0)
            {
                return () => Task.CompletedTask;
            }

            var act = _before[next].Act;
            _before.RemoveAt(next);
            return act;
        }
    }
}
