using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Bench.Commands;
using EmailTracking.Bench.Mails;
using EmailTracking.Bench.Processes;
using EmailTracking.Bench.Reading;
using EmailTracking.Bench.Reports;
using EmailTracking.Client;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Bench.Measuring;

/// <summary>How long people wait for what they look at, when many activities are there and mail comes in.</summary>
/// <remarks>They ask over HTTP, with a key that sees half of the mailboxes: who may see what is decided for each sighting.</remarks>
internal sealed class ReadsBench(Report report, Sizes sizes, MailSource mails)
{
    private const double P95Max = 100;
    private const int MailsPerSecond = 300;
    private const int ReadsPerSecond = 20;
    private const int InFlight = 1_024;
    private const int ContactsMax = 200;
    private static readonly TimeSpan ListedMax = TimeSpan.FromMinutes(60);

    /// <summary>Measures one store.</summary>
    /// <param name="server">The PostgreSQL server; null for SQLite.</param>
    public async Task RunAsync(BenchServer? server)
    {
        var store = server is null ? "SQLite" : "PostgreSQL";
        await using var deployment = await Deployment.StartAsync(server, isServed: true);
        await using var client = await deployment.ConnectAsync();
        ImmutableArray<EmailAddress> own = [.. mails.Mailboxes.Take((mails.Mailboxes.Count + 1) / 2).Select(Address)];
        var contacts = Contacts();
        var key = await PrepareAsync(client, own, contacts);
        report.Window(
            Report.Text($"{store}: filling to {sizes.Read:n0} activities"), Show.Window(await deployment.BurstAsync(sizes.Read, InFlight)));
        await deployment.CheckAsync();
        if (server is not null)
        {
            await deployment.MaintainAsync("vacuum analyze");
        }

        using var reader = new PageReader(deployment.Web!, key, mails, sizes.Read, own, [.. contacts.Select(contact => contact.Facts.Reference)]);
        await reader.WaitUntilListedAsync(ListedMax);
        await reader.ReadAsync(ReadsPerSecond, sizes.WarmReadSeconds);
        var sending = deployment.SteadyAsync(MailsPerSecond, sizes.ReadSeconds);
        var reads = await reader.ReadAsync(ReadsPerSecond, sizes.ReadSeconds);
        var sent = await sending;
        report.Window($"{store}: mail that came in meanwhile", Show.Window(sent));
        foreach (var (kind, milliseconds) in reads)
        {
            var (median, p95) = (Report.Median(milliseconds), Percentile(milliseconds, 0.95));
            report.Window($"{store}: {kind}", [Report.Text($"{milliseconds.Count} reads, median {median:f1} ms, p95 {p95:f1} ms, longest {milliseconds.Max():f1} ms")]);
            report.Add(
                Report.Text($"{store}: {kind} of {sizes.Read:n0} activities, {sent.Rate:f0} mails/s, p95"),
                $"{p95:f1} ms",
                $"under {P95Max:f0} ms",
                p95 < P95Max);
        }

        await deployment.CheckAsync();
    }

    // A person who owns the mailboxes, and the writers as contacts.
    private static async Task<string> PrepareAsync(
        EmailTrackingClient client, ImmutableArray<EmailAddress> own, ImmutableArray<CrmRecord> contacts)
    {
        var user = new RecordReference(Tables.SystemUser, Guid.NewGuid());
        await client.SaveRecordsAsync([Record(user, "reader@contoso.example"), .. contacts]);
        foreach (var mailbox in own)
        {
            await client.SaveMailboxAsync(new MailboxFacts(mailbox, user, IsQueue: true, FilterMethod.All, Folders: []));
        }

        var made = await client.CreateKeyAsync(new KeyRequest("reads", Role.Reader, user.Id, [], TimeSpan.FromDays(1), "bench"));
        return made.Text ?? throw new InvalidOperationException(made.Problem);
    }

    private ImmutableArray<CrmRecord> Contacts() =>
    [
        .. Enumerable.Range(0, Math.Min(mails.Count, ContactsMax * 10))
            .Select(number => MailWords.Of(mails[number].Mail).Sender)
            .OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Take(ContactsMax)
            .Select(address => Record(new RecordReference(Tables.Contact, Guid.NewGuid()), address)),
    ];

    private static CrmRecord Record(RecordReference reference, string address) =>
        new(new RecordFacts(reference, IsActive: true, OwnerId: null, DateTimeOffset.UnixEpoch), address, [Address(address)]);

    private static EmailAddress Address(string text) =>
        EmailAddress.TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no address.");

    private static double Percentile(List<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, Math.Ceiling(sorted.Length * part) - 1)];
    }
}
