using Microsoft.Extensions.Logging;

namespace EmailTracking.Silo.Storage.Sqlite;

internal sealed partial class SqliteWriter
{
    [LoggerMessage(3101, LogLevel.Warning, "The database file cannot be written now; {Count} writes wait, next try in {Delay}.")]
    private partial void LogHeld(int count, TimeSpan delay, Exception exception);

    [LoggerMessage(3102, LogLevel.Error, "The store refuses a write; the others of its batch are not touched by that.")]
    private partial void LogRefused(Exception exception);

    [LoggerMessage(3103, LogLevel.Critical, "The store has stopped writing. Restart this process once the cause is mended.")]
    private partial void LogStopped(Exception exception);
}
