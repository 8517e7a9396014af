using EmailTracking.Connectors;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Asks a server for the numbers of messages.</summary>
internal static class MailSearch
{
    // "4294967295 " twice, for a server that lists each number by itself.
    private const long NumberBytesMax = 24;

    /// <summary>The numbers of messages in an open folder, in order.</summary>
    /// <exception cref="MailServerException">The server names more messages than the folder has.</exception>
    internal static async Task<List<UniqueId>> FindAsync(
        ImapLine line, OpenFolder open, SearchQuery query, CancellationToken cancellationToken)
    {
        // Some may have arrived since it was opened; but a few bytes can name four thousand million numbers, and no folder has those.
        var countMax = (2L * open.Count) + 100_000;
        return await line.AskAsync(
            countMax * NumberBytesMax,
            async client =>
            {
                var found = client.Capabilities.HasFlag(ImapCapabilities.ESearch)
                    ? (await open.Folder.SearchAsync(SearchOptions.All, query, cancellationToken)).UniqueIds
                    : await open.Folder.SearchAsync(query, cancellationToken);
                return found.Count <= countMax ? found.Order().ToList() : throw new InvalidDataException();
            },
            cancellationToken);
    }

    /// <summary>
    /// What the server may have received on a day (UTC) or later; every message when the day is none that IMAP can write. A server goes
    /// by the day where it is (RFC 3501 section 6.4.4), so one day more is asked for, and <see cref="IsSince"/> decides.
    /// </summary>
    internal static SearchQuery Since(DateOnly? from) =>
        from is { Year: > 1900 } day ? SearchQuery.DeliveredAfter(day.AddDays(-1).ToDateTime(TimeOnly.MinValue)) : SearchQuery.All;

    /// <summary>Whether a message was received on a day (UTC) or later; one of which the server does not say when, is.</summary>
    internal static bool IsSince(DateTimeOffset? receivedOn, DateOnly? from) =>
        receivedOn is not { } received || from is not { } day || DateOnly.FromDateTime(received.UtcDateTime) >= day;
}
