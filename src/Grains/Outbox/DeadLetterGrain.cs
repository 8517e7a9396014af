using EmailTracking.Connectors;
using EmailTracking.Intake;
using EmailTracking.Mailboxes;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Orleans.Concurrency;

namespace EmailTracking.Outbox;

/// <summary>Decides dead letters again; each goes when its decision is durable.</summary>
[GrainType("dead-letter")]
[StatelessWorker]
[Reentrant]
public sealed class DeadLetterGrain(
    IOutbox outbox, ITrackingQueries queries, IContentStore contents, IMailboxSync sync, SightingReader reader) : Grain, IDeadLetterGrain
{
    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public Task<DeadLetter?> FindAsync(SightingPlace place, CancellationToken cancellationToken) =>
        queries.FindDeadLetterAsync(Organization, place, cancellationToken);

    /// <inheritdoc/>
    public async Task<RetriedLetter?> RetryAsync(SightingPlace place, CancellationToken cancellationToken)
    {
        if (await queries.FindDeadLetterAsync(Organization, place, cancellationToken) is not { } letter)
        {
            return null;
        }

        var kind = await KindAsync(place, cancellationToken);
        if (letter.ContentHash is { } hash && await contents.GetAsync(Organization, hash, cancellationToken) is { } content)
        {
            return await DecideAsync(letter, kind, hash, content, cancellationToken);
        }

        return KnownItem.Parse(place.Item) is null
            ? new RetriedLetter(null, null, "Its raw mail is not kept here. Deliver or import the message again.")
            : await RecallAsync(letter, kind, cancellationToken);
    }

    private async Task<RetriedLetter> DecideAsync(
        DeadLetter letter, FolderKind kind, string hash, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var (sighting, problem) = await reader.ReadAsync(
            Organization, letter.Place, kind, content, hash, letter.ReceivedOn, letter.IsBackfill, cancellationToken);
        if (sighting is null)
        {
            return new RetriedLetter(null, null, problem!.Problem);
        }

        // What stands for its place may be a decision that was never made: it is made now.
        var mailbox = GrainFactory.GetGrain<IMailboxGrain>(GrainKeys.Mailbox(Organization, letter.Place.Mailbox));
        var answer = (await mailbox.DeliverAsync([sighting with { IsRetry = true }], cancellationToken))[0];
        if (answer.Outcome == Outcome.Failed)
        {
            return new RetriedLetter(answer.Outcome, answer.Reason, answer.Reason == ReasonCode.UnknownMailbox
                ? $"There is no mailbox {letter.Place.Mailbox}. Create it: emailtracking mailbox set {letter.Place.Mailbox} --filter 1"
                : (await queries.FindDeadLetterAsync(Organization, letter.Place, cancellationToken))?.Problem ?? letter.Problem);
        }

        await outbox.RemoveDeadLetterAsync(Organization, letter, cancellationToken);
        if (answer.Outcome == Outcome.Skipped && FilterReasons.IsPrivate(answer.Reason))
        {
            await contents.ReleaseAsync(Organization, hash, cancellationToken);
        }

        return new RetriedLetter(answer.Outcome, answer.Reason, null);
    }

    private async Task<RetriedLetter> RecallAsync(DeadLetter letter, FolderKind kind, CancellationToken cancellationToken)
    {
        // Where nothing tells any more when the mailbox received it: it failed soon after.
        var item = new OutboxItem(
            letter.Place, Sighting.NoContent, kind, letter.ReceivedOn ?? letter.FailedOn, Attempts: 0, letter.IsBackfill);
        try
        {
            var mailbox = GrainFactory.GetGrain<IMailboxSyncGrain>(GrainKeys.Mailbox(Organization, letter.Place.Mailbox));
            if (!(await mailbox.RecallAsync([item], cancellationToken)).IsEmpty)
            {
                return new RetriedLetter(null, null, "It could not be decided now. Try again later.");
            }
        }
        catch (MailServerException problem)
        {
            return new RetriedLetter(null, null, $"{problem.Message} {problem.NextStep}");
        }

        // A message that fails again is a dead letter with the failure of now.
        if (await queries.FindDeadLetterAsync(Organization, letter.Place, cancellationToken) is { } now && now != letter)
        {
            return new RetriedLetter(null, null, now.Problem);
        }

        await outbox.RemoveDeadLetterAsync(Organization, letter, cancellationToken);
        return new RetriedLetter(null, null, null);
    }

    private async Task<FolderKind> KindAsync(SightingPlace place, CancellationToken cancellationToken)
    {
        if (KnownItem.Parse(place.Item) is not { } item)
        {
            return FolderNames.KindOf(place.Folder);
        }

        var folders = await sync.ReadFoldersAsync(Organization, place.Mailbox, cancellationToken);
        return folders.FirstOrDefault(folder => folder.Number == item.Folder)?.Role switch
        {
            FolderRole.Inbox => FolderKind.Inbox,
            FolderRole.Sent => FolderKind.SentItems,
            null => FolderNames.KindOf(place.Folder),
            _ => FolderKind.Filed,
        };
    }
}
