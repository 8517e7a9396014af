using System.Collections.Immutable;
using EmailTracking.Client;
using EmailTracking.Silo.Web.Door;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Api.Acts;

/// <summary>What is pending in the mailboxes of whoever asks: for the API and the pages alike.</summary>
internal sealed class PendingActs(EmailTrackingClient client, Owners owners, IOptions<TrackingOptions> options, TimeProvider time)
{
    /// <summary>Reads it, in order of time.</summary>
    public async Task<ImmutableArray<PendingAct>> ReadAsync(Visitor visitor, CancellationToken cancellationToken)
    {
        var pending = await ActEndpoints.SeenPendingAsync(client, owners, visitor, cancellationToken);
        var faultBefore = time.GetUtcNow() - options.Value.PendingMax;
        return [.. pending.Select(track => PendingAct.Of(track, faultBefore))];
    }
}
