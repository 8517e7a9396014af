using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Intake;
using EmailTracking.Listing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Orleans.Concurrency;

namespace EmailTracking.Queries;

/// <summary>Reads what is asked, and leaves out what whoever asks may not see.</summary>
[GrainType("view")]
[StatelessWorker]
[Reentrant]
public sealed class ViewGrain(
    IListings listings,
    IContentStore contents,
    ITrackingQueries queries,
    IDecisionLedger ledger,
    IDirectory directory,
    EmailNames names,
    Explainer explainer,
    SightReader sights)
    : Grain, IViewGrain
{
    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<ListPage> ListAsync(Principal who, ListQuery query, CancellationToken cancellationToken)
    {
        var sight = await ReadAsync(who, Privilege.ReadMail, cancellationToken);
        var page = await listings.ReadAsync(Organization, query with { Visible = [.. sight.Lists] }, cancellationToken);
        return page with { Emails = [.. page.Emails.Select(sight.Show)] };
    }

    /// <inheritdoc/>
    public async Task<SeenChanges> WatchAsync(Principal who, ListMark? after, CancellationToken cancellationToken)
    {
        var changed = await GrainFactory.GetGrain<IListingGrain>(this.GetPrimaryKeyString()).ReadChangesAsync(after, cancellationToken);
        if (changed.Changes.IsEmpty)
        {
            return new SeenChanges(changed.Mark, [], changed.IsWhole);
        }

        // What they may see now, not when they began to wait. An email that left their lists is still theirs by its mailbox.
        var sight = await ReadAsync(who, Privilege.ReadMail, cancellationToken);
        var emails = ImmutableArray.CreateBuilder<EmailRow>();
        foreach (var key in changed.Changes.Where(change => change.Lists.Any(sight.Lists.Contains)).Select(change => change.Email).Distinct())
        {
            if (await queries.FindAsync(Organization, key, cancellationToken) is { } email)
            {
                emails.Add(email);
            }
        }

        return new SeenChanges(changed.Mark, await sights.ShowAsync(sight, emails.DrainToImmutable(), cancellationToken), changed.IsWhole);
    }

    /// <inheritdoc/>
    public async Task<EmailRow?> FindAsync(Principal who, string email, CancellationToken cancellationToken) =>
        await FindAsync(await ReadAsync(who, Privilege.ReadMail, cancellationToken), email, cancellationToken);

    /// <inheritdoc/>
    public async Task<Explanation?> ExplainAsync(Principal who, string email, CancellationToken cancellationToken)
    {
        var sight = await ReadAsync(who, Privilege.ReadMail, cancellationToken);
        return await FindAsync(sight, email, cancellationToken) is { } row
            ? await explainer.ExplainAsync(sight, row, cancellationToken)
            : null;
    }

    /// <inheritdoc/>
    public async Task<LedgerPage> ReadLedgerAsync(Principal who, LedgerQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var sight = await ReadAsync(who, Privilege.ReadMail, cancellationToken);
        return await ledger.ReadAsync(
            Organization, query with { Mailboxes = await SeenAsync(sight, query.Mailboxes, cancellationToken) }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<DecisionSums> SumDecisionsAsync(
        Principal who, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var sight = await ReadAsync(who, Privilege.ReadMailboxes, cancellationToken);
        return await ledger.SumAsync(
            Organization, new SumQuery(await SeenAsync(sight, null, cancellationToken), from, until), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ConversationView?> ReadConversationAsync(Principal who, string conversation, CancellationToken cancellationToken)
    {
        if (await names.FindConversationAsync(Organization, conversation, cancellationToken) is not { } found)
        {
            return null;
        }

        var sight = await ReadAsync(who, Privilege.ReadMail, cancellationToken);
        var seen = await sights.ShowAsync(sight, found.Emails, cancellationToken);
        return seen.IsEmpty ? null : new ConversationView(found.Id, seen, found.Emails.Length - seen.Length);
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadRawAsync(Principal who, string email, long offset, CancellationToken cancellationToken)
    {
        if ((await FindAsync(who, email, cancellationToken))?.Activity is not { } activity ||
            await contents.GetAsync(Organization, activity.ContentHash, cancellationToken) is not { } content)
        {
            return null;
        }

        var start = (int)Math.Clamp(offset, 0, content.Length);
        return content[start..Math.Min(content.Length, start + IIntakeGrain.PartBytesMax)];
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>> FindUnseenAsync(
        Principal who, Privilege privilege, ImmutableArray<string> emails, CancellationToken cancellationToken)
    {
        var sight = await ReadAsync(who, privilege, cancellationToken);
        var unseen = ImmutableArray.CreateBuilder<string>();
        foreach (var email in emails)
        {
            if (await FindAsync(sight, email, cancellationToken) is null)
            {
                unseen.Add(email);
            }
        }

        return unseen.DrainToImmutable();
    }

    // Of those that are asked for; null: all.
    private async Task<ImmutableArray<EmailAddress>?> SeenAsync(
        Sight sight, ImmutableArray<EmailAddress>? asked, CancellationToken cancellationToken)
    {
        if (sight.IsAll)
        {
            return asked;
        }

        var mailboxes = asked ?? [.. (await directory.ReadMailboxesAsync(Organization, cancellationToken)).Select(mailbox => mailbox.Address)];
        return [.. mailboxes.Where(sight.Owns)];
    }

    private Task<Sight> ReadAsync(Principal who, Privilege privilege, CancellationToken cancellationToken) =>
        sights.ReadAsync(Organization, who, privilege, cancellationToken);

    private async Task<EmailRow?> FindAsync(Sight sight, string email, CancellationToken cancellationToken) =>
        await sights.ShowAsync(sight, await names.FindAsync(Organization, email, cancellationToken), cancellationToken);
}
