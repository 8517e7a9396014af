namespace EmailTracking.Silo.Storage;

/// <summary>A database and this program do not fit together. The database is as it was; the message says what to do.</summary>
/// <param name="file">The migration it is about.</param>
/// <param name="message">Which file of which database, what is wrong, what to do.</param>
/// <param name="inner">What the database said; null when the files and the record of them disagree.</param>
public sealed class MigrationException(string file, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The migration it is about, such as <c>0002-tracking.sql</c>.</summary>
    public string File { get; } = file;
}
