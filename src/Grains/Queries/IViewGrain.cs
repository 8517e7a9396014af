using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Listing;
using EmailTracking.Storage;

namespace EmailTracking.Queries;

/// <summary>Shows mail to somebody: what they may not see is as if it were not there. Reads only. Key: organization/o:.</summary>
[GrainInterfaceType("view")]
public interface IViewGrain : IGrainWithStringKey
{
    /// <summary>Emails that meet conditions, newest first, page by page.</summary>
    /// <param name="who">Somebody with <see cref="Privilege.ReadMail"/>.</param>
    /// <param name="query">The conditions. <see cref="ListQuery.Visible"/> is filled in here.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    [Alias("List")]
    Task<ListPage> ListAsync(Principal who, ListQuery query, CancellationToken cancellationToken = default);

    /// <summary>What changes in the lists behind a mark: at once when something has, else when something does, or after ten seconds without.</summary>
    /// <param name="who">Somebody with <see cref="Privilege.ReadMail"/>.</param>
    /// <param name="after">How far was read; null: until now, which is answered at once.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    [Alias("Watch")]
    [ResponseTimeout("00:00:40")]
    Task<SeenChanges> WatchAsync(Principal who, ListMark? after, CancellationToken cancellationToken = default);

    /// <summary>One email, tracked or not.</summary>
    /// <param name="who">Somebody with <see cref="Privilege.ReadMail"/>.</param>
    /// <param name="email">A Message-ID, with or without brackets; an activity id; or a message key.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Null when no such email was ever seen, or not where they may see it.</returns>
    [Alias("Find")]
    Task<EmailRow?> FindAsync(Principal who, string email, CancellationToken cancellationToken = default);

    /// <summary>Everything that is known of one email, with the words for why.</summary>
    /// <inheritdoc cref="FindAsync"/>
    [Alias("Explain")]
    Task<Explanation?> ExplainAsync(Principal who, string email, CancellationToken cancellationToken = default);

    /// <summary>What was decided of the copies in mailboxes that are theirs, tracked or not, newest first, page by page.</summary>
    /// <param name="who">Somebody with <see cref="Privilege.ReadMail"/>.</param>
    /// <param name="query">The conditions. Mailboxes of others that it names are left out.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    [Alias("ReadLedger")]
    Task<LedgerPage> ReadLedgerAsync(Principal who, LedgerQuery query, CancellationToken cancellationToken = default);

    /// <summary>What was decided of the copies in mailboxes that are theirs, added up.</summary>
    /// <param name="who">Somebody with <see cref="Privilege.ReadMailboxes"/>.</param>
    /// <param name="from">Of copies that were received on or after; UTC.</param>
    /// <param name="until">Of copies that were received before; UTC.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    [Alias("SumDecisions")]
    Task<DecisionSums> SumDecisionsAsync(
        Principal who, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken = default);

    /// <summary>A conversation.</summary>
    /// <param name="who">Somebody with <see cref="Privilege.ReadMail"/>.</param>
    /// <param name="conversation">Its id, today's or an older one.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Null when no conversation ever had the id, or none of its emails may be seen.</returns>
    [Alias("ReadConversation")]
    Task<ConversationView?> ReadConversationAsync(Principal who, string conversation, CancellationToken cancellationToken = default);

    /// <summary>The raw mail of a tracked email, byte for byte.</summary>
    /// <param name="who">Somebody with <see cref="Privilege.ReadMail"/>.</param>
    /// <param name="email">As for <see cref="FindAsync"/>.</param>
    /// <param name="offset">Where to begin.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>At most 1 MB; empty behind the end; null when there is no such activity that they may see.</returns>
    [Alias("ReadRaw")]
    Task<ReadOnlyMemory<byte>?> ReadRawAsync(Principal who, string email, long offset, CancellationToken cancellationToken = default);

    /// <summary>Of emails that somebody wants to do something with: those that are not there for them.</summary>
    /// <param name="who">Somebody.</param>
    /// <param name="privilege">What for.</param>
    /// <param name="emails">As for <see cref="FindAsync"/>; at most 1,000.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    [Alias("FindUnseen")]
    Task<ImmutableArray<string>> FindUnseenAsync(
        Principal who, Privilege privilege, ImmutableArray<string> emails, CancellationToken cancellationToken = default);
}

/// <summary>What changed in the lists, as somebody sees it.</summary>
/// <param name="Mark">How far this goes.</param>
/// <param name="Emails">The emails that changed and that they may see, as they are now.</param>
/// <param name="IsWhole">False when what changed behind the mark is not known any more: the lists are to be read anew.</param>
[GenerateSerializer, Immutable, Alias("SeenChanges")]
public sealed record SeenChanges(
    [property: Id(0)] ListMark Mark, [property: Id(1)] ImmutableArray<EmailRow> Emails, [property: Id(2)] bool IsWhole);

/// <summary>A conversation as somebody sees it.</summary>
/// <param name="Id">The id under which it lives today.</param>
/// <param name="Emails">Its emails that they may see, by (sent date, key).</param>
/// <param name="HiddenCount">How many more it has.</param>
[GenerateSerializer, Immutable, Alias("ConversationView")]
public sealed record ConversationView(
    [property: Id(0)] Guid Id, [property: Id(1)] ImmutableArray<EmailRow> Emails, [property: Id(2)] int HiddenCount);
