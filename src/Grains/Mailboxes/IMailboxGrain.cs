using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes;

/// <summary>One user's or queue's mailbox: everything seen in it is decided here, in batches. Key: organization/m:address.</summary>
[GrainInterfaceType("mailbox")]
public interface IMailboxGrain : IGrainWithStringKey
{
    /// <summary>Decides sightings of this mailbox. Safe to repeat.</summary>
    /// <returns>One answer for each, in their order; all of them durable.</returns>
    /// <exception cref="MailboxBusyException">Too many wait already: try again after a moment.</exception>
    [Alias("Deliver")]
    Task<ImmutableArray<SightingAnswer>> DeliverAsync(
        ImmutableArray<Sighting> sightings, CancellationToken cancellationToken = default);

    /// <summary>Decides items of the outbox again, from their raw mail. Safe to repeat.</summary>
    /// <returns>The places that could not be decided; a deferral has its next time already and is not among them.</returns>
    [Alias("Retry")]
    Task<ImmutableArray<SightingPlace>> RetryAsync(ImmutableArray<OutboxItem> items, CancellationToken cancellationToken = default);
}

/// <summary>More sightings wait for a mailbox than may.</summary>
/// <param name="mailbox">The mailbox.</param>
/// <param name="waiting">How many wait.</param>
[GenerateSerializer, Alias("MailboxBusyException")]
public sealed class MailboxBusyException(string mailbox, int waiting)
    : Exception($"{waiting} messages wait for mailbox {mailbox}. Nothing was taken; send this one again after a moment.")
{
    /// <summary>The mailbox.</summary>
    [Id(0)]
    public string Mailbox { get; } = mailbox;
}
