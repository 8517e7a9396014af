using System.Collections.Immutable;
using EmailTracking.Client.Readers;
using EmailTracking.Client.RecordFiles;
using EmailTracking.Client.Rendering;
using EmailTracking.Intake;
using EmailTracking.Organizations;
using EmailTracking.Queries;
using EmailTracking.Tracking.Deciding;
using Spectre.Console;

namespace EmailTracking.Client.Importing;

/// <summary>Loads an organization from a folder, and shows what became of its mail.</summary>
/// <remarks>
/// Shape: <c>records.jsonl</c> as <c>emailtracking records load</c> takes it, then <c>mail/MAILBOX/FOLDER/*</c>: any files of mail. Made
/// for samples: everything is delivered in order, and every mail gets a line.
/// </remarks>
public static class OrganizationFolder
{
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(60);
    // The sentences of an explanation that say where a mail belongs; the others are for those who ask.
    private static readonly string[] Told = ["It belongs to", "It is about", "It is held", "It names", "What it answers", "Its id", "Its subject"];

    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(100);

    /// <summary>Loads the organization; doing it again changes nothing.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="console">Where the result is shown.</param>
    /// <param name="cancellationToken">Stops between two mails.</param>
    /// <exception cref="InvalidDataException">The folder does not hold an organization, or a line of its records is wrong.</exception>
    public static async Task ImportAsync(
        EmailTrackingClient client, string folder, IAnsiConsole console, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(console);
        await LoadRecordsAsync(client, Path.Combine(folder, "records.jsonl"), cancellationToken);
        var deliveries = await ReadAsync(Path.Combine(folder, "mail"), cancellationToken);
        foreach (var delivery in deliveries)
        {
            await client.EnsureMailboxAsync(NewMailbox(delivery.Mailbox), cancellationToken);
            await DeliverAsync(client, delivery, cancellationToken);
        }

        await SettleAsync(client, cancellationToken);
        await ShowAsync(client, deliveries, console, cancellationToken);
    }

    private static async Task LoadRecordsAsync(EmailTrackingClient client, string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            throw new InvalidDataException($"{file} is missing: it holds the records of the organization, one JSON object a line.");
        }

        var tables = new KnownTables(await client.ReadTablesAsync(cancellationToken));
        var check = RecordCheck.Of(RecordFile.Read(file), tables);
        if (check.ProblemCount > 0)
        {
            throw new InvalidDataException($"{file}: {string.Join(' ', check.Problems)}");
        }

        await RecordLoader.LoadAsync(client, file, check, _ => { }, cancellationToken);
    }

    private static async Task<List<FolderMail>> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var mails = new List<FolderMail>();
        foreach (var mailbox in Subfolders(folder))
        {
            foreach (var box in Subfolders(mailbox))
            {
                await foreach (var item in MailFiles.Read(box, cancellationToken: cancellationToken))
                {
                    if (item.Problem is null)
                    {
                        mails.Add(new FolderMail(Path.GetFileName(mailbox), Path.GetFileName(box), item.Source.Path, item.Content));
                    }
                }
            }
        }

        return mails;
    }

    private static IEnumerable<string> Subfolders(string folder) =>
        Directory.Exists(folder) ? Directory.GetDirectories(folder).Order(StringComparer.Ordinal) : [];

    private static MailboxFacts NewMailbox(string address) =>
        Tracking.Mail.EmailAddress.TryParse(address, out var parsed)
            ? new MailboxFacts(parsed, null, IsQueue: false, FilterMethod.All, [])
            : throw new InvalidDataException($"mail/{address}: the folder of a mailbox is named by its address.");

    private static Task<DeliveryAnswer> DeliverAsync(EmailTrackingClient client, FolderMail mail, CancellationToken cancellationToken) =>
        client.DeliverAsync(mail.Mailbox, mail.Folder, new MemoryStream(mail.Content.ToArray(), writable: false), null, cancellationToken);

    private static async Task SettleAsync(EmailTrackingClient client, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(SettleMax);
        while ((await client.CountAsync(patience.Token)).Outbox > 0)
        {
            await Task.Delay(SettlePause, patience.Token);
        }
    }

    private static async Task ShowAsync(
        EmailTrackingClient client, List<FolderMail> mails, IAnsiConsole console, CancellationToken cancellationToken)
    {
        foreach (var folder in mails.GroupBy(mail => $"{mail.Mailbox}, {mail.Folder}"))
        {
            console.WriteLine();
            console.WriteLine(folder.Key);
            foreach (var mail in folder)
            {
                await ShowAsync(client, mail, console, cancellationToken);
            }
        }

        console.WriteLine();
        var counts = await client.CountAsync(cancellationToken);
        console.WriteLine(
            $"{mails.Count} copies seen: {counts.Emails} email activities in {counts.Conversations} conversations. " +
            "Ask for more: ./emailtracking explain MESSAGE-ID");
    }

    private static async Task ShowAsync(
        EmailTrackingClient client, FolderMail mail, IAnsiConsole console, CancellationToken cancellationToken)
    {
        // To deliver again changes nothing, and answers with what stands now.
        var answer = await DeliverAsync(client, mail, cancellationToken);
        var explanation = answer.ActivityId is { } activity
            ? await client.ExplainAsync(activity.ToString("D"), cancellationToken)
            : null;
        var outcome = explanation?.Email.Activity?.State.IsHeld == true ? "Tracked, held" : answer.Outcome.ToString();
        console.WriteLine($"  {SafeText.Of(Path.GetFileNameWithoutExtension(mail.Path)),-31} {outcome,-14} {TraceWords.Of(answer.Reason)}");
        var sentences = explanation?.Sentences ?? ImmutableArray<string>.Empty;
        foreach (var sentence in sentences.Where(one => Told.Any(words => one.StartsWith(words, StringComparison.Ordinal))))
        {
            console.WriteLine($"      {SafeText.Of(sentence)}");
        }
    }

    private sealed record FolderMail(string Mailbox, string Folder, string Path, ReadOnlyMemory<byte> Content);
}
