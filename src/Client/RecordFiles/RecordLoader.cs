using System.Collections.Immutable;
using EmailTracking.Client.Commands;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client.RecordFiles;

/// <summary>Sends a file that was checked: its records in pages, then what it says of mailboxes. Safe to repeat.</summary>
internal static class RecordLoader
{
    private const int PageMax = 1_000;

    /// <param name="client">Where to.</param>
    /// <param name="file">The file.</param>
    /// <param name="check">Its check, without problems.</param>
    /// <param name="saved">Is told how many records are saved so far.</param>
    /// <param name="token">Stops between two pages.</param>
    /// <returns>How many mailboxes were set.</returns>
    /// <exception cref="WrongInputException">The file does not fit the mailboxes that there are, or changed meanwhile.</exception>
    public static async Task<long> LoadAsync(
        EmailTrackingClient client, string file, RecordCheck check, Action<long> saved, CancellationToken token)
    {
        // Everything that can be wrong is found before the first record is sent.
        Changes([.. await client.ReadMailboxesAsync(token), .. check.MailboxesToCome], check.Others);
        await SaveRecordsAsync(client, file, check, saved, token);
        var mailboxes = Changes(await client.ReadMailboxesAsync(token), check.Others);
        foreach (var mailbox in mailboxes)
        {
            await client.SaveMailboxAsync(mailbox, token);
        }

        return mailboxes.Length;
    }

    /// <summary>Counts the emails that the load may link anew.</summary>
    /// <param name="client">Where they are.</param>
    /// <param name="file">The file.</param>
    /// <param name="check">Its check, without problems.</param>
    /// <param name="looked">Is told how many records were looked at so far.</param>
    /// <param name="token">Stops between two pages.</param>
    /// <returns>At most <see cref="IOrganizationGrain.RelinkedMax"/>: then there may be more.</returns>
    public static async Task<int> PreviewAsync(
        EmailTrackingClient client, string file, RecordCheck check, Action<long> looked, CancellationToken token)
    {
        var (count, emails) = (0L, new HashSet<long>());
        foreach (var records in Pages(file, check))
        {
            emails.UnionWith(await client.PreviewLoadAsync(records, token));
            if (emails.Count >= IOrganizationGrain.RelinkedMax)
            {
                return IOrganizationGrain.RelinkedMax;
            }

            count += records.Length;
            looked(count);
        }

        return emails.Count;
    }

    private static async Task SaveRecordsAsync(
        EmailTrackingClient client, string file, RecordCheck check, Action<long> saved, CancellationToken token)
    {
        var count = 0L;
        foreach (var records in Pages(file, check))
        {
            await client.SaveRecordsAsync(records, token);
            count += records.Length;
            saved(count);
        }

        if (count != check.RecordCount)
        {
            throw Changed(file);
        }
    }

    private static IEnumerable<ImmutableArray<CrmRecord>> Pages(string file, RecordCheck check)
    {
        var lines = new RecordLines(check.Tables);
        return RecordFile.Read(file).Select(lines.Parse)
            .Where(line => line is RecordLine.Wrong ? throw Changed(file) : line is RecordLine.Record)
            .Chunk(PageMax)
            .Select(page => page.Cast<RecordLine.Record>().Select(record => record.Value).ToImmutableArray());
    }

    private static WrongInputException Changed(string file) =>
        new($"{file} changed while it was loaded. Load it again when nobody writes to it.");

    private static ImmutableArray<MailboxFacts> Changes(IEnumerable<MailboxFacts> standing, IEnumerable<RecordLine> lines)
    {
        try
        {
            return MailboxChanges.Of(standing, lines);
        }
        catch (FormatException wrong)
        {
            throw new WrongInputException($"{wrong.Message} Correct it and load the file again.");
        }
    }
}
