using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace EmailTracking.Silo.Storage;

/// <summary>Brings a database forward to what this program needs, when a silo starts. There is no way back but a backup.</summary>
/// <remarks>
/// Each script runs in a transaction of its own, together with its row in <c>schema_migration</c>: after a crash a script has been
/// applied wholly or not at all. Any number of processes may start at once.
/// </remarks>
public static class Migrations
{
    // Any number will do that nothing else in the same database locks: "EmailTra" in ASCII.
    private const long PostgresLock = 0x456D_6169_6C54_7261;

    /// <summary>Applies what a PostgreSQL database has not had.</summary>
    /// <param name="dataSource">A user that may create schemas; its search path and time-outs do not count here.</param>
    /// <param name="set">The scripts.</param>
    /// <param name="cancellationToken">Stops before a script or rolls back the one under way.</param>
    /// <returns>How many were applied; 0 or more.</returns>
    /// <exception cref="MigrationException">The database and the scripts do not fit, or a script failed.</exception>
    public static async Task<int> ApplyAsync(NpgsqlDataSource dataSource, MigrationSet set, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataSource);

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var count = 0;
        while (await ApplyNextAsync(connection, set, cancellationToken))
        {
            count++;
        }

        if (count > 0)
        {
            // Types that the scripts created are unknown to connections that were opened before.
            await connection.ReloadTypesAsync(cancellationToken);
        }

        return count;
    }

    /// <summary>Applies what a SQLite database has not had, and switches the file to write-ahead logging, for good.</summary>
    /// <param name="connectionString">The file is created when absent, its folder is not.</param>
    /// <param name="set">The scripts.</param>
    /// <param name="cancellationToken">Stops before a script.</param>
    /// <returns>How many were applied; 0 or more.</returns>
    /// <exception cref="MigrationException">The database and the scripts do not fit, or a script failed.</exception>
    public static int Apply(string connectionString, MigrationSet set, CancellationToken cancellationToken = default)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using (var command = connection.CreateCommand())
        {
            // The mode stays with the file, so that it holds as well for those who open it without asking for it.
            command.CommandText = "pragma journal_mode = wal";
            command.ExecuteNonQuery();
        }

        var count = 0;
        while (ApplyNext(connection, set))
        {
            cancellationToken.ThrowIfCancellationRequested();
            count++;
        }

        return count;
    }

    // Two silos start at once: the second waits for the lock, which the first holds to the end of its transaction, then reads what
    // the first has recorded. The lock goes with the transaction, so a process that dies leaves none behind. The wait is as long as
    // the other's script takes: neither a lock_timeout of the connection nor a command's time-out may end it.
    private const string PostgresBegin = """
        set local lock_timeout = 0;
        set local statement_timeout = 0;
        set local search_path = public;
        """;

    private const string PostgresTable = """
        create table if not exists schema_migration
        (
            number     int         primary key,
            name       text        not null,
            sha256     text        not null,
            applied_on timestamptz not null default now()
        )
        """;

    private static async Task<bool> ApplyNextAsync(NpgsqlConnection connection, MigrationSet set, CancellationToken cancellationToken)
    {
        var database = $"PostgreSQL database {connection.Database} at {connection.Host}";
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        await ExecuteAsync(PostgresBegin);
        await ExecuteAsync("select pg_advisory_xact_lock($1)", PostgresLock);
        await ExecuteAsync(PostgresTable);
        var next = MigrationPlan.Next(database, set, await ReadAppliedAsync(connection, cancellationToken));
        if (next is not null)
        {
            try
            {
                await ExecuteAsync(next.Sql);
            }
            catch (PostgresException failure)
            {
                throw Failed(database, next, failure);
            }

            await ExecuteAsync("insert into schema_migration (number, name, sha256) values ($1, $2, $3)", next.Number, next.Name, next.Sha256);
        }

        await transaction.CommitAsync(cancellationToken);
        return next is not null;

        async Task ExecuteAsync(string sql, params object[] values)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task<ImmutableArray<AppliedMigration>> ReadAppliedAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ReadApplied, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = ImmutableArray.CreateBuilder<AppliedMigration>();
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(new AppliedMigration(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        }

        return applied.ToImmutable();
    }

    private const string ReadApplied = "select number, name, sha256 from schema_migration";

    private const string SqliteTable = """
        create table if not exists schema_migration
        (
            number     integer not null primary key,
            name       text    not null,
            sha256     text    not null,
            applied_on text    not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
        ) strict
        """;

    private static bool ApplyNext(SqliteConnection connection, MigrationSet set)
    {
        var database = $"SQLite database {connection.DataSource}";

        // "Begin immediate": two processes start at once, and the second waits here until the first has committed. A deferred
        // transaction would read first, find that it has to write on an old view, and fail.
        using var transaction = connection.BeginTransaction(deferred: false);

        Execute(SqliteTable);
        var next = MigrationPlan.Next(database, set, ReadSqliteApplied(connection, transaction));
        if (next is not null)
        {
            try
            {
                Execute(next.Sql);
            }
            catch (SqliteException failure)
            {
                throw Failed(database, next, failure);
            }

            Execute("insert into schema_migration (number, name, sha256) values ($1, $2, $3)", next.Number, next.Name, next.Sha256);
        }

        transaction.Commit();
        return next is not null;

        void Execute(string sql, params object[] values)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            foreach (var (index, value) in values.Index())
            {
                command.Parameters.AddWithValue($"${index + 1}", value);
            }

            command.ExecuteNonQuery();
        }
    }

    private static ImmutableArray<AppliedMigration> ReadSqliteApplied(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = ReadApplied;
        using var reader = command.ExecuteReader();
        var applied = ImmutableArray.CreateBuilder<AppliedMigration>();
        while (reader.Read())
        {
            applied.Add(new AppliedMigration(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        }

        return applied.ToImmutable();
    }

    private static MigrationException Failed(string database, MigrationScript script, Exception failure) =>
        new(script.FileName,
            $"{script.FileName} failed on {database} and was rolled back, so the database is as it was: {failure.Message} "
            + "Remove the cause that the message names and start again.",
            failure);
}
