using System.Net.Sockets;
using System.Text;

namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>Says whose password is right, as saslauthd does: a server asks it by a socket of the file system.</summary>
/// <remarks>
/// A question is four texts (user, password, service, realm), an answer one: <c>OK</c> or <c>NO</c>. A text is its length in two bytes, the
/// higher first, and its bytes. Source: Cyrus SASL, saslauthd.
/// </remarks>
internal sealed class PasswordDoor : IAsyncDisposable
{
    private readonly Dictionary<string, string> _passwords = new(StringComparer.Ordinal);
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task _serving;

    internal PasswordDoor(string path)
    {
        Path = path;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(100);
        _serving = ServeAsync();
    }

    /// <summary>Its socket.</summary>
    internal string Path { get; }

    /// <summary>Lets somebody in.</summary>
    internal void Admit(string user, string password)
    {
        lock (_passwords)
        {
            _passwords[user] = password;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        var length = new byte[2];
        await stream.ReadExactlyAsync(length);
        var text = new byte[(length[0] << 8) | length[1]];
        await stream.ReadExactlyAsync(text);
        return Encoding.UTF8.GetString(text);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // It was closed.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            var (user, password, _, realm) = (await ReadAsync(stream), await ReadAsync(stream), await ReadAsync(stream), await ReadAsync(stream));
            await stream.WriteAsync(Knows(realm.Length > 0 ? $"{user}@{realm}" : user, password) ? "\0\u0002OK"u8.ToArray() : "\0\u0002NO"u8.ToArray());
        }
        catch (IOException)
        {
            // Who asked went away.
        }
    }

    private bool Knows(string user, string password)
    {
        lock (_passwords)
        {
            return _passwords.TryGetValue(user, out var right) && right == password;
        }
    }
}
