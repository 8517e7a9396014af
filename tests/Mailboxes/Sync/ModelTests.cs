using System.Globalization;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>People do anything with their mail while it is read, and reading is interrupted: it comes out as if they had not.</summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const string SeedVariable = "EMAILTRACKING_SEED";

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("EMAILTRACKING_FULL") == "1";

    private static readonly int Operations = IsFull ? 2_000 : 150;

    private static readonly int Kills = IsFull ? 5 : 1;

    [Fact]
    public async Task Whatever_people_do_with_their_mail_each_is_one_activity_or_none_as_the_rules_say()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        Console.WriteLine($"{nameof(ModelTests)}: {SeedVariable}={seed}");
        output.WriteLine($"seed: {seed} ({SeedVariable})");
        await using var cluster = await SyncCluster.StartAsync(silos: 2, SyncCluster.Impatient);
        var random = new Random(seed);
        var world = new ModelWorld(cluster, random);
        var kills = Enumerable.Range(0, Kills).Select(_ => random.Next(Operations)).ToHashSet();
        try
        {
            await world.CreateAsync();
            for (var i = 0; i < Operations; i++)
            {
                await world.DoAsync();
                if (kills.Contains(i))
                {
                    await cluster.Cluster.Silos.KillSiloAsync(cluster.Cluster.Silos.Silos[1]);
                    await cluster.Cluster.Silos.StartAdditionalSiloAsync();
                }
            }

            for (var round = 0; round < 3; round++)
            {
                await world.ReadAsync([.. world.Mailboxes]);
            }

            await CheckAsync(cluster, world);
            await new ModelReplay(cluster, world, random).CheckAsync();
        }
        catch (Exception)
        {
            output.WriteLine(world.Story);
            output.WriteLine(string.Join('\n', world.Mailboxes.Select(one => one.Server.Address)));
            throw;
        }
    }

    // Where a mail was seen and what was said there, and how the folders and their rules are known.
    private static async Task<string> StandingAsync(SyncCluster cluster, ModelWorld world, EmailRow row)
    {
        var seen = (await cluster.Cluster.Client.ExplainAsync(row.Key.ToString()))!.Decisions.Select(decision =>
            $"{decision.Place.Mailbox} {decision.Place.Folder} {decision.Place.Item}: {decision.Outcome}, {decision.Reason}");
        var rules = (await cluster.Cluster.Organization.ReadMailboxesAsync())
            .SelectMany(mailbox => mailbox.Folders.Select(rule => $"{mailbox.Address} {rule.Name}: {rule.State}"));
        var statuses = await Task.WhenAll(world.Mailboxes.Select(mailbox => cluster.Of(mailbox.Server).ReadStatusAsync()));
        var folders = statuses.SelectMany(status => status!.Folders.Select(folder => $"{status.Connection.Mailbox} {folder}"));
        return string.Join('\n', [.. seen, .. rules, .. folders]);
    }

    // What was done with each mail by its label, in order.
    private static async Task<IEnumerable<string>> ActsAsync(SyncCluster cluster, ModelWorld world)
    {
        var acts = (await cluster.ActsAsync()).Select(past => past.Act).OrderBy(act => act.On).ToLookup(act => act.Emails.Single());
        return world.Mails
            .Select(mail => (mail.MessageId, Acts: acts[mail.Key].Select(act => act.Kind).ToArray()))
            .Where(mail => mail.Acts.Length > 0)
            .Select(mail => $"{mail.MessageId} {string.Join(' ', mail.Acts)}");
    }

    private static async Task CheckAsync(SyncCluster cluster, ModelWorld world)
    {
        var tracked = await cluster.TrackedAsync();
        Assert.Equal(tracked.Select(row => row.Activity!.MessageId).Distinct().Order(), tracked.Select(row => row.Activity!.MessageId).Order());
        var byId = tracked.ToDictionary(row => row.Activity!.MessageId!);
        Assert.Equal(
            world.Mails.Where(mail => mail.Acts.Count > 0).Select(mail => $"{mail.MessageId} {string.Join(' ', mail.Acts)}"),
            await ActsAsync(cluster, world));
        foreach (var mail in world.Mails)
        {
            var isTracked = byId.TryGetValue(mail.MessageId, out var row);
            var must = mail.ByHand is { } act ? act == ActKind.Track : mail.MustBeTracked;
            var may = mail.ByHand is null ? mail.MayBeTracked : must;
            Assert.True(isTracked || !must, $"{mail.MessageId} is not tracked.");
            Assert.True(!isTracked || may, isTracked && !may ? $"{mail.MessageId} is tracked:\n{await StandingAsync(cluster, world, row!)}" : "");
            if (isTracked && mail.Mailboxes.Count == 1 && mail.Places is [{ Accepts: true, Record: { } record }])
            {
                Assert.True(record == row!.Activity!.Regarding, $"{mail.MessageId} is about {row.Activity.Regarding}, not {record}.");
            }
        }

        foreach (var mailbox in world.Mailboxes)
        {
            foreach (var folder in await cluster.AuditAsync(mailbox.Server))
            {
                Assert.True(folder.Observed == folder.Decided, $"{folder.Folder}: {folder.Decided} of {folder.Observed} are decided.");
            }
        }
    }
}
