using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Web;

namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>A token endpoint (RFC 6749), which also says whose a token is (RFC 7662).</summary>
public sealed class TokenEndpoint : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<Dictionary<string, string>> _asked = [];
    private readonly int _port;

    public TokenEndpoint()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            _port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address => $"http://127.0.0.1:{_port}/token";

    /// <summary>Where a server asks whose a token is; the token follows.</summary>
    public string IntrospectionAddress => $"http://127.0.0.1:{_port}/introspect?token=";

    /// <summary>How it answers: status and body. Each new token is one more than the last.</summary>
    public Func<int, (int Status, string Body)> Answer { get; set; } =
        count => (200, $$"""{"access_token":"token-{{count}}","token_type":"Bearer","expires_in":3600}""");

    /// <summary>Whose a token is; null: it is none.</summary>
    public Func<string, string?> OwnerOf { get; set; } = _ => null;

    /// <summary>The forms that asked for a token.</summary>
    public IReadOnlyList<Dictionary<string, string>> Asked
    {
        get
        {
            lock (_asked)
            {
                return [.. _asked];
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _listener.Close();
        return ValueTask.CompletedTask;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                var (status, body) = context.Request.Url!.AbsolutePath == "/introspect"
                    ? Introspect(context.Request.Url.Query)
                    : await TokenAsync(context.Request);
                context.Response.StatusCode = status;
                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                context.Response.Close();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // Closed, or the client went.
            }
        }
    }

    private (int Status, string Body) Introspect(string query) =>
        OwnerOf(HttpUtility.ParseQueryString(query)["token"] ?? "") is { } owner
            ? (200, $$"""{"active":true,"email":"{{owner}}"}""")
            : (401, """{"active":false}""");

    private async Task<(int Status, string Body)> TokenAsync(HttpListenerRequest request)
    {
        using var reader = new StreamReader(request.InputStream);
        var form = HttpUtility.ParseQueryString(await reader.ReadToEndAsync());
        lock (_asked)
        {
            _asked.Add(form.AllKeys.ToDictionary(key => key!, key => form[key]!));
            return Answer(_asked.Count);
        }
    }
}
