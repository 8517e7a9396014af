using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Silo.Web.Door;

namespace EmailTracking.Silo.Api.Overview;

/// <summary>Reads how it goes, for the API and the pages alike.</summary>
internal sealed class OverviewReader(EmailTrackingClient client, Owners owners, TimeProvider time)
{
    /// <summary>Reads it, of the mailboxes that a visitor may see.</summary>
    public async Task<OverviewAnswer> ReadAsync(Visitor visitor, CancellationToken cancellationToken)
    {
        var until = OverviewFigures.HourOf(time.GetUtcNow()).AddHours(1);
        var from = until.AddHours(-OverviewFigures.Hours);
        var sums = await client.SumDecisionsAsync(visitor.Principal, from, until, cancellationToken);
        return new OverviewAnswer(
            from,
            until,
            sums.IsWhole,
            OverviewFigures.ByHour(from, sums.Sums),
            OverviewFigures.DelayOf(sums.Sums),
            await HealthAsync(visitor, cancellationToken),
            visitor.Reach == Reach.All ? await BacklogAsync(cancellationToken) : null);
    }

    private async Task<MailboxHealthAnswer> HealthAsync(Visitor visitor, CancellationToken cancellationToken)
    {
        var seen = (await owners.SeenAsync(visitor, cancellationToken)).Select(mailbox => mailbox.Address).ToHashSet();
        var states = (await client.ReadMailboxStatusesAsync(cancellationToken))
            .Where(status => seen.Contains(status.Connection.Mailbox))
            .CountBy(status => status.Health.State)
            .ToDictionary();
        return new MailboxHealthAnswer(
            Of(MailboxState.Healthy), Of(MailboxState.Retrying), Of(MailboxState.Stopped), Of(MailboxState.NotRun), seen.Count - states.Values.Sum());

        int Of(MailboxState state) => states.GetValueOrDefault(state);
    }

    private async Task<BacklogAnswer> BacklogAsync(CancellationToken cancellationToken)
    {
        var backlog = await client.ReadBacklogAsync(cancellationToken);
        return new BacklogAnswer(backlog.Waiting, backlog.NextDueOn, backlog.DeadLetters);
    }
}
