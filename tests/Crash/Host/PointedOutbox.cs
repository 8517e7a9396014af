using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Crash.Host;

internal sealed class PointedOutbox(IOutbox outbox, Points points) : IOutbox
{
    public async Task<ImmutableArray<OutboxItem>> ReadDueAsync(
        string organization, DateTimeOffset now, int countMax, CancellationToken cancellationToken)
    {
        var items = await outbox.ReadDueAsync(organization, now, countMax, cancellationToken);
        if (!items.IsEmpty)
        {
            points.Pass(Point.DueAfter);
        }

        return items;
    }

    public Task<DateTimeOffset?> NextDueAsync(string organization, CancellationToken cancellationToken) =>
        outbox.NextDueAsync(organization, cancellationToken);

    public async Task DeferAsync(
        string organization, ImmutableArray<Sighting> sightings, DateTimeOffset dueOn, CancellationToken cancellationToken)
    {
        points.Pass(Point.DeferBefore);
        await outbox.DeferAsync(organization, sightings, dueOn, cancellationToken);
        points.Pass(Point.DeferAfter);
    }

    public Task PostponeAsync(
        string organization, ImmutableArray<SightingPlace> places, DateTimeOffset dueOn, CancellationToken cancellationToken) =>
        outbox.PostponeAsync(organization, places, dueOn, cancellationToken);

    public Task BuryAsync(string organization, DeadLetter letter, CancellationToken cancellationToken) =>
        outbox.BuryAsync(organization, letter, cancellationToken);

    public Task RemoveDeadLetterAsync(string organization, DeadLetter letter, CancellationToken cancellationToken) =>
        outbox.RemoveDeadLetterAsync(organization, letter, cancellationToken);
}
