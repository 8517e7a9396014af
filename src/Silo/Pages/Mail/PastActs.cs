using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Acts;
using EmailTracking.Client;
using EmailTracking.Silo.Api.Acts;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Pages.Mail;

/// <summary>What people did with mail by hand, for those whose mail it is.</summary>
internal sealed class PastActs(EmailTrackingClient client, IMailSight sight)
{
    private const int CountMax = 100;

    /// <summary>Reads it.</summary>
    /// <param name="visitor">Who asks.</param>
    /// <param name="name">An email or a conversation.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>In order of time; null when it is not one's own to know.</returns>
    public async Task<ImmutableArray<PastAct>?> ReadAsync(Visitor visitor, string name, CancellationToken cancellationToken) =>
        visitor.Reach == Reach.All || await sight.FindForeignAsync(visitor.Principal, [name], cancellationToken) is null
            ? await client.ReadHistoryAsync(name, CountMax, cancellationToken) ?? []
            : null;

    /// <summary>Whether a conversation stands stopped: the latest word on that which was not taken back.</summary>
    public static bool IsStopped(ImmutableArray<PastAct> history) =>
        history.LastOrDefault(past => past.UndoneOn is null && past.Act.Kind is ActKind.Stop or ActKind.Resume)?.Act.Kind == ActKind.Stop;
}
