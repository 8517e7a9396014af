using System.Globalization;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>People do anything with their mail while it is read, and reading is interrupted: it comes out as if they had not.</summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const string SeedVariable = "EMAILTRACKING_SEED";

    private static readonly int Operations = Environment.GetEnvironmentVariable("EMAILTRACKING_FULL") == "1" ? 2_000 : 150;

    [Fact]
    public async Task Whatever_people_do_with_their_mail_each_is_one_activity_or_none_as_the_rules_say()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next();
        output.WriteLine($"seed: {seed} ({SeedVariable})");
        await using var cluster = await SyncCluster.StartAsync(silos: 2, SyncCluster.Impatient);
        var world = new ModelWorld(cluster, new Random(seed));
        try
        {
            await world.CreateAsync();
            for (var i = 0; i < Operations; i++)
            {
                await world.DoAsync();
                if (i == Operations / 2)
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
        }
        catch (Exception)
        {
            output.WriteLine(world.Story);
            throw;
        }
    }

    private static async Task CheckAsync(SyncCluster cluster, ModelWorld world)
    {
        var tracked = await cluster.TrackedAsync();
        Assert.Equal(tracked.Select(row => row.Activity!.MessageId).Distinct().Order(), tracked.Select(row => row.Activity!.MessageId).Order());
        var byId = tracked.ToDictionary(row => row.Activity!.MessageId!);
        Assert.Equal(world.ActsDone, (await cluster.ActsAsync()).Length);
        foreach (var mail in world.Mails)
        {
            var isTracked = byId.TryGetValue(mail.MessageId, out var row);
            var must = mail.ByHand is { } act ? act == EmailTracking.Tracking.Deciding.ActKind.Track : mail.MustBeTracked;
            var may = mail.ByHand is null ? mail.MayBeTracked : must;
            Assert.True(isTracked || !must, $"{mail.MessageId} is not tracked.");
            Assert.True(!isTracked || may, $"{mail.MessageId} is tracked.");
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
