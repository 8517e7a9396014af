using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Organizations;
using EmailTracking.Silo.Pages.Mailboxes;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Pages.Queues;

/// <summary>Reads the queues that somebody may see, and what is in them.</summary>
internal sealed class QueueReader(PageCaller caller, MailboxCaller ofMailbox, EmailTrackingClient client, Owners owners)
{
    /// <summary>How many emails of a queue are shown at most.</summary>
    public const int CountMax = 1_000;

    /// <summary>The queues that they may see, by name.</summary>
    public Task<Told<List<QueueView>>> ListAsync(CancellationToken cancellationToken) => caller.ReadAsync(
        Privilege.ReadQueues,
        async visitor => await ViewsAsync([.. (await owners.SeenAsync(visitor, cancellationToken)).Where(IsQueue)], cancellationToken),
        cancellationToken);

    /// <summary>One queue with what is in it.</summary>
    /// <param name="id">The queue.</param>
    /// <param name="count">How many emails at most, 1 to <see cref="CountMax"/>.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<Told<QueueContents>> ReadAsync(Guid id, int count, CancellationToken cancellationToken)
    {
        var mailbox = (await client.ReadMailboxesAsync(cancellationToken)).FirstOrDefault(one => IsQueue(one) && one.Owner!.Value.Id == id);
        return mailbox is null
            ? Told<QueueContents>.Not(Owners.NotTheirs)
            : await ofMailbox.ReadAsync(
                Privilege.ReadQueues,
                mailbox.Address,
                async _ => Told<QueueContents>.That(await ReadAsync(mailbox, count, cancellationToken)),
                cancellationToken);
    }

    private async Task<QueueContents> ReadAsync(MailboxFacts mailbox, int count, CancellationToken cancellationToken)
    {
        var items = await client.ReadQueueAsync(mailbox.Owner!.Value.Id, count, cancellationToken);
        var names = await NamesAsync(
            items.Select(item => item.Email.Activity).OfType<ActivityRow>().SelectMany(activity => new[] { activity.Regarding, OwnerOf(activity) }),
            cancellationToken);
        return new QueueContents((await ViewsAsync([mailbox], cancellationToken))[0], items, names, items.Length == count && count < CountMax);
    }

    /// <summary>The user whose an email is; null when it is a team's or nobody's.</summary>
    public static RecordReference? OwnerOf(ActivityRow activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return activity.Owner.OwnerId is { } owner ? new RecordReference(Tables.SystemUser, owner) : null;
    }

    private async Task<List<QueueView>> ViewsAsync(ImmutableArray<MailboxFacts> mailboxes, CancellationToken cancellationToken)
    {
        var names = await NamesAsync(mailboxes.Select(mailbox => mailbox.Owner), cancellationToken);
        var statuses = (await client.ReadMailboxStatusesAsync(cancellationToken)).ToDictionary(status => status.Connection.Mailbox);
        return
        [
            .. mailboxes
                .Select(mailbox => new QueueView(
                    mailbox.Owner!.Value, names.GetValueOrDefault(mailbox.Owner!.Value, mailbox.Address.Value), mailbox, statuses.GetValueOrDefault(mailbox.Address)))
                .OrderBy(queue => queue.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    private async Task<ImmutableDictionary<RecordReference, string>> NamesAsync(
        IEnumerable<RecordReference?> records, CancellationToken cancellationToken)
    {
        var names = ImmutableDictionary.CreateBuilder<RecordReference, string>();
        foreach (var some in records.OfType<RecordReference>().Distinct().Chunk(IOrganizationGrain.RecordsMax))
        {
            names.AddRange((await client.ReadRecordsAsync([.. some], cancellationToken))
                .Select(record => KeyValuePair.Create(record.Facts.Reference, record.Name)));
        }

        return names.ToImmutable();
    }

    private static bool IsQueue(MailboxFacts mailbox) => mailbox.Owner is { LogicalName: Tables.Queue };
}
