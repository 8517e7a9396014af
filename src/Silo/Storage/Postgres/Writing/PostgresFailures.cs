using System.Net.Sockets;
using Npgsql;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>The server could not be reached, or took no connection: nothing was sent to it.</summary>
/// <param name="inner">What the driver said.</param>
internal sealed class UnreachableServerException(Exception inner) : Exception("The PostgreSQL server takes no connection.", inner);

/// <summary>What an error of the server, or of the way to it, means for what was being written.</summary>
internal static class PostgresFailures
{
    public static WriteFailure Classify(Exception exception) => exception switch
    {
        UnreachableServerException => WriteFailure.Server,
        PostgresException server => Classify(server),

        // A socket that broke or a time-out: the batch may have arrived, and may have been committed.
        NpgsqlException or IOException or SocketException or TimeoutException or OperationCanceledException => WriteFailure.Unknown,

        // The driver could not put a value into a column: a lone surrogate, a number out of range, a hash that is none.
        ArgumentException or FormatException or OverflowException or InvalidCastException or InvalidMailboxException =>
            WriteFailure.Data,
        _ => WriteFailure.Fatal,
    };

    /// <summary>Whether a failure to connect passes by itself; a wrong password or database does not.</summary>
    public static bool IsPassing(Exception exception) => exception switch
    {
        PostgresException server => Class(server) is "08" or "53" or "57" or "58" or "XX",
        NpgsqlException or IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    private static WriteFailure Classify(PostgresException server)
    {
        // It takes the connection with it, and can come after the commit (a shutdown while a standby is waited for).
        if (server.InvariantSeverity is "FATAL" or "PANIC")
        {
            return WriteFailure.Unknown;
        }

        return (server.SqlState, Class(server)) switch
        {
            (PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.LockNotAvailable, _) => WriteFailure.Conflict,
            (_, "40") => WriteFailure.Conflict,
            (_, "22" or "23" or "54") => WriteFailure.Data,

            // A server that became a standby while we were connected takes no writes until it is the leader again.
            (PostgresErrorCodes.ReadOnlySqlTransaction, _) => WriteFailure.Server,
            (_, "08" or "53" or "57" or "58" or "XX") => WriteFailure.Server,
            _ => WriteFailure.Fatal,
        };
    }

    private static string Class(PostgresException server) => server.SqlState[..2];
}
