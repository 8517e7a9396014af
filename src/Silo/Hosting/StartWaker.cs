using EmailTracking.Acts;
using EmailTracking.Erasing;
using EmailTracking.Linking;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Outbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Silo.Hosting;

/// <summary>What was due while no silo ran is found at once, not at the reminder's next tick.</summary>
internal sealed partial class StartWaker(IGrainFactory grains, TimeProvider time, ILogger<StartWaker> log) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var organization = GrainKeys.Organization(GrainKeys.DefaultOrganization);
                await grains.GetGrain<IOutboxGrain>(organization).WakeAsync(stoppingToken);
                await grains.GetGrain<ILinkGrain>(organization).WakeAsync(stoppingToken);
                await grains.GetGrain<IErasureGrain>(organization).WakeAsync(stoppingToken);
                await grains.GetGrain<IPendingTrackGrain>(organization).ReadAsync(stoppingToken);
                await grains.GetGrain<IServersGrain>(organization).WakeMailboxesAsync(stoppingToken);
                return;
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                // A silo that died a moment ago may still count as alive, and the call went to it: no reason for this one to end.
                LogAgain(problem);
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(3001, LogLevel.Information, "The cluster does not answer yet; it is asked again")]
    private partial void LogAgain(Exception problem);
}
