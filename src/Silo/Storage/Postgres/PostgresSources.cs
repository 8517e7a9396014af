using Microsoft.Extensions.Options;
using Npgsql;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>The connections to one database, by what is done with them.</summary>
internal sealed class PostgresSources : IAsyncDisposable
{
    private const int StatementsPreparedMax = 64;
    private const int ReadersMax = 24;
    private const int EditorsMax = 12;
    private const int WritersMax = 2;

    // Statements are prepared while tables are small and stay when they are large: what a row is found by is always an index.
    private const string IndexesOnly = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_hashagg=off -c jit=off";

    // A peer that vanished without a word is given up after half a minute, and what it locked is free.
    private const string Alive = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4";

    public PostgresSources(string connectionString, IOptions<TrackingStoreOptions> options)
    {
        var timeout = (int)Math.Ceiling(options.Value.CommandTimeout.TotalSeconds);

        // One snapshot for all statements of a batch, without a statement that says so: a key and the email that holds it are of
        // one moment. A plan is made once: making one takes longer than running it.
        Reads = Source(connectionString, ReadersMax, StatementsPreparedMax, timeout,
            $"{IndexesOnly} {Alive} -c plan_cache_mode=force_generic_plan -c default_transaction_isolation=repeatable\\ read "
            + "-c default_transaction_read_only=on");

        // Batches differ a hundredfold in size, and a plan costs little beside 500 changes: each batch gets its own. Nothing is
        // prepared: batches fail every day here, and what was prepared on the way is in doubt then (see ExecutePreparedAsync).
        Writes = Source(connectionString, WritersMax, 0, timeout,
            $"{IndexesOnly} {Alive} -c plan_cache_mode=force_custom_plan -c lock_timeout=1s -c synchronous_commit=on");

        Edits = Source(connectionString, EditorsMax, 0, (int)TimeSpan.FromMinutes(1).TotalSeconds, $"{Alive} -c synchronous_commit=on");
    }

    /// <summary>Reads of one snapshot.</summary>
    public NpgsqlDataSource Reads { get; }

    /// <summary>The writer of changes.</summary>
    public NpgsqlDataSource Writes { get; }

    /// <summary>Everything else: content, directory, outbox.</summary>
    public NpgsqlDataSource Edits { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Reads.DisposeAsync();
        await Writes.DisposeAsync();
        await Edits.DisposeAsync();
    }

    private static NpgsqlDataSource Source(string connectionString, int connectionsMax, int preparedMax, int timeoutSeconds, string options)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = connectionsMax,
            MaxAutoPrepare = preparedMax,
            AutoPrepareMinUsages = 2,
            CommandTimeout = timeoutSeconds,

            // How long a server that does not answer may take to hear that it is to stop, in milliseconds.
            CancellationTimeout = 1_000,
            NoResetOnClose = true,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 10,
            TcpKeepAliveInterval = 5,
        };
        settings.Options = $"{settings.Options} {options}".Trim();
        return NpgsqlDataSource.Create(settings.ConnectionString);
    }
}
