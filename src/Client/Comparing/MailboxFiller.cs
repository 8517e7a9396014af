using System.Collections.Immutable;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Comparing;

/// <summary>What a mailbox's server has against what was decided, after a while of deciding.</summary>
/// <param name="Last">How it stands.</param>
/// <param name="DecidedNow">How many messages of each folder were decided meanwhile.</param>
internal sealed record Filled(MailboxComparison Last, IReadOnlyDictionary<string, int> DecidedNow);

/// <summary>Has messages of a mailbox decided that are not, call by call, until nothing is missing or all was tried once.</summary>
/// <remarks>Its position is for one run: a call finds by itself what is missing, so that whoever is interrupted gives the same command again.</remarks>
internal sealed class MailboxFiller(EmailTrackingClient client, EmailAddress mailbox)
{
    /// <summary>How many messages one call tries.</summary>
    public const int DecideMax = 1_000;

    private readonly Dictionary<string, int> _decided = new(StringComparer.Ordinal);

    /// <summary>Only compares.</summary>
    /// <exception cref="Connectors.MailServerException">The mailbox cannot be read now.</exception>
    public async Task<Filled> CompareAsync(DateOnly since, CancellationToken cancellationToken) => new(
        await client.CompareMailboxAsync(mailbox, new ComparisonRequest(since, IsBackfill: true, DecideMax: 0), cancellationToken), _decided);

    /// <summary>Has decided what is missing.</summary>
    /// <param name="since">From which day on.</param>
    /// <param name="isBackfill">Whether it is old mail: it makes no records.</param>
    /// <param name="told">Is told how many are still missing.</param>
    /// <param name="cancellationToken">Ends it; what was decided stays.</param>
    /// <exception cref="Connectors.MailServerException">The mailbox cannot be read now.</exception>
    public async Task<Filled> FillAsync(DateOnly since, bool isBackfill, Action<int> told, CancellationToken cancellationToken)
    {
        var request = new ComparisonRequest(since, isBackfill, DecideMax);
        while (true)
        {
            var last = await client.CompareMailboxAsync(mailbox, request, cancellationToken);
            request = request with { After = last.Folders.ToImmutableDictionary(folder => folder.Folder, folder => folder.Last) };
            foreach (var folder in last.Folders)
            {
                _decided[folder.Folder] = _decided.GetValueOrDefault(folder.Folder) + folder.DecidedNow;
            }

            told(last.Missing);
            if (last.Missing == 0 || last.Folders.All(folder => folder.TriedNow == 0))
            {
                return new Filled(last, _decided);
            }
        }
    }

    /// <summary>
    /// Has decided what is missing, for an audit: mail that should have been read when it came is treated so, and what is older than the
    /// mailbox's start is old mail.
    /// </summary>
    /// <inheritdoc cref="FillAsync"/>
    public async Task<Filled> RepairAsync(DateOnly since, Action<int> told, CancellationToken cancellationToken)
    {
        var start = await StartAsync(cancellationToken);
        if (start <= since)
        {
            return await FillAsync(since, isBackfill: false, told, cancellationToken);
        }

        await FillAsync(start, isBackfill: false, told, cancellationToken);
        return await FillAsync(since, isBackfill: true, told, cancellationToken);
    }

    private async Task<DateOnly> StartAsync(CancellationToken cancellationToken)
    {
        var connection = (await client.ReadMailboxStatusAsync(mailbox, cancellationToken))?.Connection;
        var profile = (await client.ReadProfilesAsync(cancellationToken)).FirstOrDefault(one => one.Name == connection?.Profile);
        var start = connection?.StartsOn ?? DateOnly.MinValue;
        return profile?.StartsOn is { } day && day > start ? day : start;
    }
}
