using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>Commands as they are: libraries append only messages that they have parsed, and wait for each answer.</summary>
internal static class RawCommands
{
    /// <summary>Appends raw bytes to a folder (RFC 3501 APPEND).</summary>
    /// <returns>The message's number.</returns>
    internal static async Task<uint> AppendAsync(
        int port, string user, string password, string path, byte[] raw, DateTimeOffset? receivedOn, string[] labels)
    {
        var date = receivedOn is { } day
            ? day.ToUniversalTime().ToString("\\\"dd-MMM-yyyy HH:mm:ss ", CultureInfo.InvariantCulture) + "+0000\" "
            : "";
        var answer = await RunAsync(
            port,
            user,
            password,
            string.Create(
                CultureInfo.InvariantCulture,
                $"APPEND \"{Encode(path)}\" ({string.Join(' ', labels)}) {date}{{{raw.Length}+}}\r\n{Encoding.Latin1.GetString(raw)}"));
        return uint.Parse(answer.Split(' ', ']')[4], CultureInfo.InvariantCulture);
    }

    /// <summary>Sends commands without waiting between them.</summary>
    /// <returns>The answer to the last.</returns>
    /// <exception cref="InvalidOperationException">One was refused.</exception>
    internal static async Task<string> RunAsync(int port, string user, string password, params string[] commands)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"a LOGIN \"{user}\" \"{password}\"\r\n"));
        await AnswerAsync(reader);
        var sending = stream.WriteAsync(Encoding.Latin1.GetBytes(string.Concat(commands.Select(command => $"a {command}\r\n")))).AsTask();
        var last = "";
        foreach (var _ in commands)
        {
            last = await AnswerAsync(reader);
        }

        await sending;
        return last;
    }

    private static async Task<string> AnswerAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("a ", StringComparison.Ordinal))
            {
                return line.StartsWith("a OK", StringComparison.Ordinal) ? line : throw new InvalidOperationException(line);
            }
        }

        throw new InvalidOperationException("The server closed the connection.");
    }

    /// <summary>A folder's path in modified UTF-7 (RFC 3501 section 5.1.3), fit for a quoted string.</summary>
    internal static string Encode(string path)
    {
        var encoded = new StringBuilder();
        for (var at = 0; at < path.Length;)
        {
            if (path[at] is >= ' ' and <= '~')
            {
                encoded.Append(path[at] switch { '&' => "&-", '"' => "\\\"", '\\' => "\\\\", var letter => letter.ToString() });
                at++;
                continue;
            }

            var end = at;
            while (end < path.Length && path[end] is not (>= ' ' and <= '~'))
            {
                end++;
            }

            var base64 = Convert.ToBase64String(Encoding.BigEndianUnicode.GetBytes(path[at..end]));
            encoded.Append('&').Append(base64.TrimEnd('=').Replace('/', ',')).Append('-');
            at = end;
        }

        return encoded.ToString();
    }
}
