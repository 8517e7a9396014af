using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>Something to be written, and who waits for it. It may be run several times; only the last counts.</summary>
/// <param name="queuedAt">The time stamp at which it came.</param>
/// <param name="bytes">About how much it writes, in bytes, as far as that is much.</param>
internal abstract class SqliteWork(long queuedAt, long bytes)
{
    public long QueuedAt { get; } = queuedAt;

    public long Bytes { get; } = bytes;

    /// <summary>Writes it, inside a savepoint.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>Takes note that it was refused and undone; what is written here stays.</summary>
    public abstract void Refuse(SqliteSession session, WriteFailure failure, Exception exception);

    /// <summary>Tells who waits: it is durable, or refused for good.</summary>
    public abstract void Answer();

    /// <summary>Tells who waits that the writer has stopped.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>A write that answers with a value, or fails alone.</summary>
internal sealed class SqliteEdit<T>(Func<SqliteSession, T> run, long queuedAt, long bytes) : SqliteWork(queuedAt, bytes)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _refusal;

    public Task<T> Result => _answer.Task;

    public override void Run(SqliteSession session)
    {
        _refusal = null;
        _result = run(session);
    }

    public override void Refuse(SqliteSession session, WriteFailure failure, Exception exception) => _refusal = exception;

    public override void Answer()
    {
        if (_refusal is not null)
        {
            _answer.TrySetException(_refusal);
        }
        else
        {
            _answer.TrySetResult(_result!);
        }
    }

    public override void Fail(Exception exception) => _answer.TrySetException(exception);
}

/// <summary>A change: what was decided of a batch of sightings.</summary>
internal sealed class SqliteCommit(TrackingChange change, Writing.ChangeWriter writer, CommitMetrics metrics, long queuedAt)
    : SqliteWork(queuedAt, 0)
{
    private readonly TaskCompletionSource<CommitResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CommitResult _result = new CommitResult.Conflict();

    public Task<CommitResult> Result => _answer.Task;

    public override void Run(SqliteSession session) => _result = new CommitResult.Durable(writer.Write(session, change));

    public override void Refuse(SqliteSession session, WriteFailure failure, Exception exception)
    {
        if (failure == WriteFailure.Conflict)
        {
            _result = new CommitResult.Conflict();
            return;
        }

        writer.Bury(session, change, exception.Message);
        _result = new CommitResult.Poison(exception.Message);
    }

    public override void Answer()
    {
        metrics.Answered(_result);
        _answer.TrySetResult(_result);
    }

    public override void Fail(Exception exception) => _answer.TrySetException(exception);
}
