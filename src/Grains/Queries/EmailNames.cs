using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Queries;

/// <summary>What people call an email or a conversation, and which one they mean.</summary>
public sealed class EmailNames(ITrackingQueries queries)
{
    /// <summary>Finds one email, tracked or not.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="name">A Message-ID, with or without brackets; an activity id; or a message key.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>
    /// Null when no such email was ever seen. An id means the email that bears it, else the copy that its sender kept, where that is an
    /// activity of its own.
    /// </returns>
    public async Task<EmailRow?> FindAsync(string organization, string name, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(name, out var activity) &&
            await queries.FindKeyAsync(organization, activity, cancellationToken) is { } found)
        {
            return await queries.FindAsync(organization, found, cancellationToken);
        }

        // Its digits could be those of an activity id as well.
        if (MessageKey.TryParse(name, out var key))
        {
            return await queries.FindAsync(organization, key, cancellationToken);
        }

        return MessageId.TryParse(name.Contains('<', StringComparison.Ordinal) ? name : $"<{name}>", out var id)
            ? await queries.FindAsync(organization, MessageKey.Of(id), cancellationToken) ??
                await queries.FindAsync(organization, MessageKey.OfSent(MessageKey.Of(id)), cancellationToken)
            : null;
    }

    /// <summary>Finds the emails of a conversation, by (sent date, key).</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="name">Its id, today's or an older one.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>The id under which it lives today, and its emails; null when no conversation ever had the id.</returns>
    public async Task<(Guid Id, ImmutableArray<EmailRow> Emails)?> FindConversationAsync(
        string organization, string name, CancellationToken cancellationToken) =>
        Guid.TryParse(name, out var id) && await queries.ResolveConversationAsync(organization, id, cancellationToken) is { } today
            ? (today, await queries.ReadConversationAsync(organization, today, cancellationToken))
            : null;
}
