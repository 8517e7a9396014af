using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using EmailTracking.Connectors;

namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>A small IMAP server without any extension, for what Dovecot does not do: each test says how it answers otherwise.</summary>
/// <remarks>It has one user with any password, one folder, and the messages that it is given.</remarks>
public sealed partial class ReplayServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<(string Command, Func<Question, Task> Answer)> _answers = [];
    private readonly List<string> _asked = [];
    private readonly List<(string Start, TaskCompletionSource Seen)> _awaited = [];

    public ReplayServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The first line it says.</summary>
    public string Greeting { get; set; } = "* OK ready";

    /// <summary>What it can do beside IMAP4rev1.</summary>
    public string Capabilities { get; set; } = "";

    /// <summary>What it says of its folder, beside how many messages are there and which flags.</summary>
    public List<string> FolderCodes { get; } = ["[UIDVALIDITY 1]"];

    /// <summary>Its messages by number.</summary>
    public SortedDictionary<uint, ReplayMessage> Messages { get; } = [];

    /// <summary>What was asked, without tags.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_asked)
            {
                return [.. _asked];
            }
        }
    }

    /// <summary>For answers of tests: completes when one was told what the test waits for.</summary>
    public TaskCompletionSource Told { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A profile of it.</summary>
    public ServerProfile Profile => new()
    {
        Name = "Replay",
        Host = "127.0.0.1",
        Port = Port,
        Security = ConnectionSecurity.None,
        AnswerMax = TimeSpan.FromSeconds(30),
    };

    /// <summary>From now on a command that begins so is answered otherwise.</summary>
    public void On(string command, Func<Question, Task> answer)
    {
        lock (_asked)
        {
            _answers.Insert(0, (command, answer));
        }
    }

    /// <summary>Completes when the next command comes that begins so.</summary>
    public Task Awaited(string command)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_asked)
        {
            _awaited.Add((command, seen));
        }

        return seen.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
    }

    [GeneratedRegex(@"BODY(?:\.PEEK)?\[(?<section>[^\]]*)\](?:<(?<from>\d+)\.(?<count>\d+)>)?")]
    private static partial Regex Section();

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var closed = client;
        try
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(Greeting + "\r\n"), _end.Token);
            while (!Greeting.StartsWith("* BYE", StringComparison.Ordinal) && await reader.ReadLineAsync(_end.Token) is { } line)
            {
                var question = new Question(this, client, reader, line.Split(' ', 2)[0], line.Split(' ', 2).ElementAtOrDefault(1) ?? "");
                await AnswerOf(question)(question);
            }
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The client went, or an answer was to hang up.
        }
    }

    private Func<Question, Task> AnswerOf(Question question)
    {
        lock (_asked)
        {
            _asked.Add(question.Command);
            foreach (var (start, seen) in _awaited)
            {
                if (question.Command.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                {
                    seen.TrySetResult();
                }
            }

            var (_, answer) = _answers.FirstOrDefault(
                given => question.Command.StartsWith(given.Command, StringComparison.OrdinalIgnoreCase));
            return answer ?? AnswerAsync;
        }
    }

    private async Task AnswerAsync(Question question)
    {
        var words = question.Command.ToUpperInvariant().Split(' ');
        switch (words[0])
        {
            case "CAPABILITY":
                await question.SayAsync($"* CAPABILITY IMAP4rev1 {Capabilities}".TrimEnd());
                break;
            case "AUTHENTICATE" when words.Length == 2:
                await question.SayAsync("+ ");
                await question.ReadLineAsync();
                break;
            case "LIST":
                await question.SayAsync("* LIST () \"/\" INBOX");
                break;
            case "SELECT" or "EXAMINE":
                await question.SayAsync($"* {Messages.Count} EXISTS");
                await question.SayAsync("* FLAGS (\\Seen \\Deleted)");
                foreach (var code in FolderCodes)
                {
                    await question.SayAsync($"* OK {code} so it is");
                }

                await question.SayAsync($"{question.Tag} OK [{(words[0] == "SELECT" ? "READ-WRITE" : "READ-ONLY")}] open");
                return;
            case "UID" when words[1] == "SEARCH":
                await question.SayAsync($"* SEARCH {string.Join(' ', Meant(words).Select(one => one.Key))}".TrimEnd());
                break;
            case "UID" when words[1] == "FETCH":
                await FetchAsync(question, Meant(words));
                break;
            case "UID" when words[1] == "STORE":
                Store(question.Command, Meant(words));
                break;
            case "UID" or "EXPUNGE":
                foreach (var (number, _) in Messages.Where(one => one.Value.Flags.Contains("\\Deleted")).ToList())
                {
                    await question.SayAsync($"* {IndexOf(number)} EXPUNGE");
                    Messages.Remove(number);
                }

                break;
        }

        await question.SayAsync($"{question.Tag} OK done");
    }

    /// <summary>The messages that a command names by number.</summary>
    private List<KeyValuePair<uint, ReplayMessage>> Meant(string[] words)
    {
        var set = words[1] == "SEARCH" ? words.SkipWhile(word => word != "UID").Skip(1).SkipWhile(word => word != "UID").ElementAtOrDefault(1) : words[2];
        return [.. Messages.Where(one => set is null || set.Split(',').Any(range => IsWithin(one.Key, range)))];
    }

    private bool IsWithin(uint number, string range)
    {
        var ends = range.Split(':').Select(end => end == "*"
            ? Messages.Keys.LastOrDefault()
            : uint.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        return number >= ends.Min() && number <= ends.Max();
    }

    private int IndexOf(uint number) => Messages.Keys.TakeWhile(key => key < number).Count() + 1;

    private async Task FetchAsync(Question question, List<KeyValuePair<uint, ReplayMessage>> messages)
    {
        foreach (var (number, message) in messages)
        {
            var items = new List<byte[]> { Encoding.Latin1.GetBytes($"* {IndexOf(number)} FETCH (UID {number}") };
            void Add(string item, string text)
            {
                if (question.Command.Contains(item, StringComparison.OrdinalIgnoreCase))
                {
                    items.Add(Encoding.Latin1.GetBytes(" " + text));
                }
            }

            Add("FLAGS", $"FLAGS ({string.Join(' ', message.Flags)})");
            Add("RFC822.SIZE", string.Create(CultureInfo.InvariantCulture, $"RFC822.SIZE {message.Size ?? message.Raw.Length}"));
            Add("INTERNALDATE", $"INTERNALDATE \"{message.ReceivedOn}\"");
            if (Section().Match(question.Command) is { Success: true } section)
            {
                items.Add(PieceOf(section, message.Raw));
            }

            items.Add(")\r\n"u8.ToArray());
            await question.SendAsync([.. items.SelectMany(item => item)]);
        }
    }

    private static byte[] PieceOf(Match section, byte[] raw)
    {
        var text = Encoding.Latin1.GetString(raw);
        var part = section.Groups["section"].Value.StartsWith("HEADER", StringComparison.OrdinalIgnoreCase)
            ? text[..(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)]
            : text;
        var mark = "";
        if (section.Groups["from"].Success)
        {
            var from = int.Parse(section.Groups["from"].Value, CultureInfo.InvariantCulture);
            part = part[Math.Min(from, part.Length)..];
            part = part[..Math.Min(int.Parse(section.Groups["count"].Value, CultureInfo.InvariantCulture), part.Length)];
            mark = $"<{from}>";
        }

        return Encoding.Latin1.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $" BODY[{section.Groups["section"].Value}]{mark} {{{part.Length}}}\r\n{part}"));
    }

    private static void Store(string command, List<KeyValuePair<uint, ReplayMessage>> messages)
    {
        var flags = command[(command.IndexOf('(', StringComparison.Ordinal) + 1)..].TrimEnd(')').Split(' ');
        foreach (var (_, message) in messages)
        {
            foreach (var flag in flags)
            {
                _ = command.Contains("+FLAGS", StringComparison.OrdinalIgnoreCase) ? message.Flags.Add(flag) : message.Flags.Remove(flag);
            }
        }
    }

    /// <summary>A message of it.</summary>
    /// <param name="raw">Its bytes as Latin-1.</param>
    /// <param name="size">What the server says of its size; null: the truth.</param>
    public sealed class ReplayMessage(string raw, int? size = null)
    {
        public byte[] Raw { get; } = Encoding.Latin1.GetBytes(raw);

        public int? Size { get; } = size;

        /// <summary>When it was received, as IMAP writes it.</summary>
        public string ReceivedOn { get; init; } = "01-Nov-2026 10:00:00 +0000";

        public SortedSet<string> Flags { get; } = new(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A command that waits for its answer.</summary>
    public sealed class Question(ReplayServer server, TcpClient client, StreamReader reader, string tag, string command)
    {
        public string Tag => tag;

        /// <summary>The command without its tag.</summary>
        public string Command => command;

        /// <summary>Says a line.</summary>
        public Task SayAsync(string line) => SendAsync(Encoding.Latin1.GetBytes(line + "\r\n"));

        /// <summary>Sends bytes as they are.</summary>
        public Task SendAsync(byte[] bytes) => client.GetStream().WriteAsync(bytes).AsTask();

        /// <summary>The next line of the client.</summary>
        public async Task<string> ReadLineAsync() => await reader.ReadLineAsync(server._end.Token) ?? throw new IOException();

        /// <summary>Answers as if the test had said nothing.</summary>
        public Task AnswerAsync() => server.AnswerAsync(this);

        /// <summary>Closes the connection.</summary>
        public void HangUp() => client.Close();

        /// <summary>Never answers.</summary>
        public Task StaySilentAsync() => Task.Delay(Timeout.Infinite, server._end.Token);
    }
}
