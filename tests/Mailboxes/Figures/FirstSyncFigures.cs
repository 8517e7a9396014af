using System.Diagnostics;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tests.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Mailboxes.Figures;

/// <summary>The first read of a large mailbox, beside the bare fetch of the same mail.</summary>
[Collection(FigureRuns.Name)]
public sealed class FirstSyncFigures(ITestOutputHelper output)
{
    private const int Warm = 600;
    private static readonly int Mails = FigureRuns.Or(full: 100_000, brief: 3_000);

    [Theory]
    [InlineData(FilterMethod.All)]
    [InlineData(FilterMethod.None)]
    public async Task A_large_mailbox_is_read(FilterMethod filter)
    {
        var isTracked = filter == FilterMethod.All;
        await using var cluster = await SyncCluster.StartAsync();
        var (warm, large) = (await cluster.CreateAsync(filter), await cluster.CreateAsync(filter));
        await FigureRuns.FillAsync(warm, Warm, "warm");
        await FigureRuns.FillAsync(large, Mails, "mail");
        await FetchAsync(warm, isTracked);
        await cluster.ConnectAsync(warm);

        // Twice, so that neither waits for mail that the server has not read from its disk yet.
        await FetchAsync(large, isTracked);
        var fetch = await FetchAsync(large, isTracked);
        using var peak = new MemoryPeak();
        var (watch, processor) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
        await cluster.ConnectAsync(large);
        watch.Stop();
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        var (managed, working) = peak.End();
        var unlisted = await cluster.Cluster.CountAsync("select count(*) from listing_due");

        var (bare, read) = (Mails / fetch.TotalSeconds, Mails / watch.Elapsed.TotalSeconds);
        FigureRuns.Tell(
            output,
            $"first read of a mailbox, {Mails} messages, {(isTracked ? "all" : "none")} tracked: {read:f0} messages/s, {processor.TotalMicroseconds / Mails:f0} us of this process a message, bare fetch of the same {(isTracked ? "headers and bodies" : "headers")} {bare:f0} messages/s, ratio {100 * read / bare:f0} % (aim: 40 %); memory at most {managed:f0} MB managed, {working:f0} MB working set above idle (aim: 150 MB); {unlisted} are not on the lists yet");
        Assert.Equal(isTracked ? Mails + Warm : 0, await cluster.Cluster.CountAsync("select count(*) from email"));
        Assert.Equal(Mails + Warm, await cluster.Cluster.CountAsync("select count(*) from mailbox_item"));
    }

    private static async Task<TimeSpan> FetchAsync(DovecotMailbox mailbox, bool isWhole)
    {
        using var client = new ImapClient { ServerCertificateValidationCallback = (_, certificate, _, _) => certificate is { Subject: "CN=" + MailServer.Host } };
        await client.ConnectAsync(mailbox.Profile.Host, mailbox.Profile.Port, SecureSocketOptions.SslOnConnect);
        await client.AuthenticateAsync(new SaslMechanismPlain(mailbox.Address, mailbox.Password));
        var inbox = (ImapFolder)client.Inbox;
        await inbox.OpenAsync(FolderAccess.ReadOnly);
        var watch = Stopwatch.StartNew();
        var request = new FetchRequest(
            MessageSummaryItems.UniqueId | MessageSummaryItems.Flags | MessageSummaryItems.InternalDate | MessageSummaryItems.Size |
            MessageSummaryItems.Headers);
        for (var first = 0; first < inbox.Count; first += new SyncOptions().PageMax)
        {
            var last = Math.Min(inbox.Count, first + new SyncOptions().PageMax) - 1;
            await inbox.FetchAsync(first, last, request);
            if (isWhole)
            {
                await inbox.GetStreamsAsync(first, last, (_, _, _, message, stop) => message.CopyToAsync(Stream.Null, stop));
            }
        }

        return watch.Elapsed;
    }
}
