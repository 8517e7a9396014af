using System.Text;
using System.Threading.Channels;

namespace EmailTracking.Tests.Crash.Checker;

/// <summary>The client's own log: an acknowledgement counts when its line is on the disk.</summary>
public sealed class AcknowledgementLog : IAsyncDisposable
{
    private readonly Channel<(string Line, TaskCompletionSource Kept)> _queue =
        Channel.CreateUnbounded<(string, TaskCompletionSource)>();

    private readonly FileStream _file;
    private readonly Task _writing;

    /// <summary>Goes on with a log; a line that a killed client left half written is cut off.</summary>
    public AcknowledgementLog(string path)
    {
        var whole = WholeBytes(path);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _file.SetLength(whole);
        _file.Seek(0, SeekOrigin.End);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Everything that was acknowledged so far.</summary>
    public static IReadOnlyList<Acknowledgement> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        return [.. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Acknowledgement.Parse)];
    }

    /// <summary>Ends when the line is on the disk.</summary>
    public Task AppendAsync(Acknowledgement acknowledgement)
    {
        ArgumentNullException.ThrowIfNull(acknowledgement);
        var kept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Writer.TryWrite((acknowledgement.Line, kept));
        return kept.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        await _file.DisposeAsync();
    }

    private static long WholeBytes(string path) =>
        File.Exists(path) ? Array.LastIndexOf(File.ReadAllBytes(path), (byte)'\n') + 1 : 0;

    // Whatever waits when a flush ends goes into the next.
    private async Task WriteAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            var (text, kept) = (new StringBuilder(), new List<TaskCompletionSource>());
            while (_queue.Reader.TryRead(out var next))
            {
                text.Append(next.Line).Append('\n');
                kept.Add(next.Kept);
            }

            _file.Write(Encoding.ASCII.GetBytes(text.ToString()));
            _file.Flush(flushToDisk: true);
            kept.ForEach(one => one.SetResult());
        }
    }
}
