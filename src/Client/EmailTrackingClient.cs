namespace EmailTracking.Client;

/// <summary>A connection to an EmailTracking cluster, for one organization. Safe to use from many threads.</summary>
/// <remarks>
/// Every call is repeated while it fails for the moment (a silo restarts, the store is down, a mailbox is busy), up to
/// <see cref="EmailTrackingClientOptions.RetryFor"/>; then <see cref="ClusterUnreachableException"/> is thrown.
/// </remarks>
public sealed partial class EmailTrackingClient : IAsyncDisposable
{
    private readonly IGrainFactory _grains;
    private readonly ClusterConnection? _connection;
    private readonly Patience _patience;

    private EmailTrackingClient(IGrainFactory grains, ClusterConnection? connection, EmailTrackingClientOptions options, TimeProvider time)
    {
        _grains = grains;
        _connection = connection;
        _patience = new Patience(options.RetryFor, time);
        Organization = options.Organization;
    }

    /// <summary>The organization that is spoken for.</summary>
    public string Organization { get; }

    /// <summary>Connects over the gateways of a cluster.</summary>
    /// <param name="options">Where to; null for <see cref="EmailTrackingClientOptions.FromEnvironment"/>.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is outside its range.</exception>
    /// <exception cref="ClusterUnreachableException">No gateway answered in time: start the cluster, or name its gateways.</exception>
    public static async Task<EmailTrackingClient> ConnectAsync(
        EmailTrackingClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= EmailTrackingClientOptions.FromEnvironment();
        options.Validate();
        var connection = await ClusterConnection.OpenAsync(options, cancellationToken);
        return new EmailTrackingClient(connection.Client, connection, options, TimeProvider.System);
    }

    /// <summary>Speaks through a connection that exists: a cluster client's, or that of the silo one runs in.</summary>
    /// <param name="grains">The connection. It is not closed with this client.</param>
    /// <param name="options">The organization and the patience; where to connect is not looked at. Null for the defaults.</param>
    /// <param name="time">The clock of the repetitions; null for the system's.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is outside its range.</exception>
    public static EmailTrackingClient Over(
        IGrainFactory grains, EmailTrackingClientOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(grains);
        options ??= new EmailTrackingClientOptions();
        options.Validate();
        return new EmailTrackingClient(grains, null, options, time ?? TimeProvider.System);
    }

    /// <summary>Closes the connection if this client opened it.</summary>
    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private T Service<T>()
        where T : IGrainWithStringKey => _grains.GetGrain<T>(GrainKeys.Organization(Organization));
}
