namespace EmailTracking.Silo.Storage;

/// <summary>What a failure of the database means for the changes that were being written.</summary>
internal enum WriteFailure
{
    /// <summary>Somebody else was first. Nothing was written.</summary>
    Conflict,

    /// <summary>The data of one of the changes is refused, and always will be. Nothing was written.</summary>
    Data,

    /// <summary>The server cannot write now. Nothing was written.</summary>
    Server,

    /// <summary>Nobody can tell whether it was written.</summary>
    Unknown,

    /// <summary>Something that nobody thought of: schema, permission, a fault of the program.</summary>
    Fatal,
}

/// <summary>Writes batches for <see cref="GroupCommit"/>, which calls one method at a time.</summary>
internal interface IChangeWriter
{
    /// <summary>Writes all changes in one transaction.</summary>
    /// <param name="batch">At least one; no two touch the same thing.</param>
    /// <param name="cancellationToken">Stops before the batch is sent.</param>
    /// <returns>For each change how many waiting sightings it put into the outbox.</returns>
    Task<int[]> WriteAsync(IReadOnlyList<PendingChange> batch, CancellationToken cancellationToken);

    /// <summary>The indexes of the changes whose decision no longer stands.</summary>
    Task<IReadOnlySet<int>> FindOutdatedAsync(IReadOnlyList<PendingChange> batch, CancellationToken cancellationToken);

    /// <summary>Keeps the sightings of a change as dead letters. Safe to repeat.</summary>
    Task BuryAsync(PendingChange change, string problem, CancellationToken cancellationToken);

    /// <summary>What a failure of the methods above means.</summary>
    WriteFailure Classify(Exception exception);
}
