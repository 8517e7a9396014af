using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Tests.Storage.Sqlite;

/// <summary>What the store logged, to be awaited.</summary>
public sealed class RecordedLog : ILoggerProvider
{
    private readonly Channel<(int Id, LogLevel Level)> _entries = Channel.CreateUnbounded<(int, LogLevel)>();

    /// <summary>Waits for the next entry with an id.</summary>
    public async Task<LogLevel> NextAsync(int id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await foreach (var entry in _entries.Reader.ReadAllAsync(patience.Token))
        {
            if (entry.Id == id)
            {
                return entry.Level;
            }
        }

        throw new InvalidOperationException("The log has ended.");
    }

    public ILogger CreateLogger(string categoryName) => new Recorder(_entries.Writer);

    public void Dispose()
    {
    }

    private sealed class Recorder(ChannelWriter<(int, LogLevel)> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.TryWrite((eventId.Id, logLevel));
    }
}
