using System.Text;
using MailKit;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Keeps the last words of the server, for what the library does not hand out: response codes and capabilities.</summary>
internal sealed class ServerWords : IProtocolLogger
{
    private const int KeptMax = 16 * 1024;

    // A line of code, never content: a status response is short, and whatever is longer is not looked at.
    private const int LineMax = 1024;

    private readonly byte[] _kept = new byte[KeptMax];
    private int _length;
    private long _said;

    /// <inheritdoc/>
    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    /// <summary>The last whole line that is a status response, without its end.</summary>
    internal string LastStatus
    {
        get
        {
            var tail = _kept.AsSpan(Math.Max(0, _length - LineMax), Math.Min(_length, LineMax)).TrimEnd("\r\n"u8);
            return Encoding.Latin1.GetString(tail[(tail.LastIndexOf((byte)'\n') + 1)..]);
        }
    }

    /// <summary>The last list of capabilities among the words kept; empty when there is none.</summary>
    internal string[] Capabilities
    {
        get
        {
            var text = Encoding.Latin1.GetString(_kept, 0, _length);
            var start = text.LastIndexOf("CAPABILITY ", StringComparison.OrdinalIgnoreCase);
            return start < 0 ? [] : text[(start + "CAPABILITY ".Length)..].Split(']', '\r')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <summary>The response code of the last status response (RFC 3501 section 7.1, RFC 5530), in capitals; empty when it has none.</summary>
    internal string Code
    {
        get
        {
            var line = LastStatus;
            var (start, end) = (line.IndexOf('[', StringComparison.Ordinal), line.IndexOf(']', StringComparison.Ordinal));
            return start >= 0 && end > start ? line[(start + 1)..end].Split(' ')[0].ToUpperInvariant() : "";
        }
    }

    /// <summary>Told each time the server said something.</summary>
    internal Action? OnSaid { get; set; }

    /// <summary>From here on the words count that <see cref="HasSaid"/> looks for.</summary>
    internal void Listen() => _said = 0;

    /// <summary>Whether something was said since <see cref="Listen"/>, among the words kept.</summary>
    internal bool HasSaid(string text)
    {
        var length = (int)Math.Min(_said, _length);
        return Encoding.Latin1.GetString(_kept, _length - length, length).Contains(text, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public void LogConnect(Uri uri)
    {
    }

    /// <inheritdoc/>
    public void LogClient(byte[] buffer, int offset, int count)
    {
    }

    /// <inheritdoc/>
    public void LogServer(byte[] buffer, int offset, int count)
    {
        var added = buffer.AsSpan(offset, count);
        added = added[Math.Max(0, added.Length - KeptMax)..];
        if (_length + added.Length > KeptMax)
        {
            var stay = KeptMax - added.Length;
            _kept.AsSpan(_length - stay, stay).CopyTo(_kept);
            _length = stay;
        }

        added.CopyTo(_kept.AsSpan(_length));
        _length += added.Length;
        _said += added.Length;
        OnSaid?.Invoke();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
