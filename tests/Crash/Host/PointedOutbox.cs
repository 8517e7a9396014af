using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Crash.Host;

internal sealed class PointedOutbox(IOutbox outbox, Points points) : IOutbox
{
    public async Task<ImmutableArray<OutboxItem>> ReadDueAsync(
        string organization, DateTimeOffset now, int countMax, BusyMailboxes? busy, CancellationToken cancellationToken)
    {
        var items = await outbox.ReadDueAsync(organization, now, countMax, busy, cancellationToken);
        if (!items.IsEmpty)
        {
            points.Pass(Point.DueAfter);
        }

        return items;
    }

    public Task<DateTimeOffset?> NextDueAsync(string organization, DateTimeOffset? after, CancellationToken cancellationToken) =>
        outbox.NextDueAsync(organization, after, cancellationToken);

    public Task<ImmutableArray<CopyStamp>> ReadStampsAsync(
        string organization, DateTimeOffset now, ImmutableArray<EmailAddress> busy, int countMax, CancellationToken cancellationToken) =>
        outbox.ReadStampsAsync(organization, now, busy, countMax, cancellationToken);

    public Task RemoveStampsAsync(string organization, ImmutableArray<CopyStamp> stamps, CancellationToken cancellationToken) =>
        outbox.RemoveStampsAsync(organization, stamps, cancellationToken);

    public Task PostponeStampsAsync(
        string organization, ImmutableArray<CopyStamp> stamps, DateTimeOffset dueOn, CancellationToken cancellationToken) =>
        outbox.PostponeStampsAsync(organization, stamps, dueOn, cancellationToken);

    public Task<ImmutableArray<NumberedEvent>> ReadEventsAsync(
        string organization, Guid conversation, long after, int countMax, CancellationToken cancellationToken) =>
        outbox.ReadEventsAsync(organization, conversation, after, countMax, cancellationToken);

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
