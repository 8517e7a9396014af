using Microsoft.Extensions.Logging;

namespace EmailTracking.Silo.Storage;

internal sealed partial class GroupCommit
{
    [LoggerMessage(3001, LogLevel.Warning, "The database cannot write now; {Count} changes wait, next try in {Delay}.")]
    private partial void LogHeld(int count, TimeSpan delay, Exception exception);

    [LoggerMessage(3002, LogLevel.Warning, "The outcome of a commit of {Count} changes is unknown; they are decided again.")]
    private partial void LogUnknown(int count, Exception exception);

    [LoggerMessage(3003, LogLevel.Debug, "{Outdated} of {Count} changes were outdated.")]
    private partial void LogConflict(int outdated, int count, Exception exception);

    [LoggerMessage(3004, LogLevel.Error, "The store refuses a change of {Count} sightings; they are dead letters.")]
    private partial void LogPoison(int count, Exception exception);

    [LoggerMessage(3005, LogLevel.Critical, "The store has stopped writing. Restart this silo once the cause is mended.")]
    private partial void LogStopped(Exception exception);
}
