using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>Somebody else was first.</summary>
/// <param name="what">On what.</param>
internal sealed class LostRaceException(string what) : Exception($"Conflict: {what}.");

/// <summary>The data is refused, and always will be.</summary>
/// <param name="problem">Why.</param>
internal sealed class RefusedDataException(string problem) : Exception(problem);

/// <summary>What a failure means for what was being written. Nothing is ever unknown: the file is at hand.</summary>
internal static class SqliteFailures
{
    // Result codes of SQLite (sqlite.org/rescode.html).
    private const int Busy = 5;
    private const int Locked = 6;
    private const int OutOfMemory = 7;
    private const int ReadOnly = 8;
    private const int Interrupted = 9;
    private const int DiskError = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Protocol = 15;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int ConstraintPrimaryKey = 1555;
    private const int ConstraintUnique = 2067;
    private const int ReadOnlyMoved = 1032;

    public static WriteFailure Classify(Exception exception) => exception switch
    {
        LostRaceException => WriteFailure.Conflict,
        SqliteException failure => Classify(failure.SqliteErrorCode, failure.SqliteExtendedErrorCode),

        // A value that does not fit into its column: a number out of range, a hash that is none.
        RefusedDataException or FormatException or OverflowException => WriteFailure.Data,
        _ => WriteFailure.Fatal,
    };

    private static WriteFailure Classify(int code, int extendedCode) => (code, extendedCode) switch
    {
        (Constraint, ConstraintPrimaryKey or ConstraintUnique) => WriteFailure.Conflict,
        (Constraint or TooBig or Mismatch, _) => WriteFailure.Data,

        // What is written to a file that was moved away or removed is lost.
        (_, ReadOnlyMoved) => WriteFailure.Fatal,
        (Busy or Locked or OutOfMemory or ReadOnly or Interrupted or DiskError or Full or CannotOpen or Protocol, _) =>
            WriteFailure.Server,
        _ => WriteFailure.Fatal,
    };
}
