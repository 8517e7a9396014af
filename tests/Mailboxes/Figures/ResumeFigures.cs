using System.Globalization;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tests.Mailboxes.Sync;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Mailboxes.Figures;

/// <summary>A first read that a killed silo interrupts goes on elsewhere where it was.</summary>
[Collection(FigureRuns.Name)]
public sealed class ResumeFigures(ITestOutputHelper output)
{
    private static readonly int Mails = FigureRuns.Or(full: 20_000, brief: 2_000);

    // Within a page, and not at its end.
    private static readonly int Middle = (Mails / 2) - (new SyncOptions().PageMax / 2);

    [Fact]
    public async Task A_silo_that_is_killed_while_it_reads_costs_at_most_one_page()
    {
        var watch = new CommitWatch { EnoughAt = Middle };
        await using var cluster = await SyncCluster.StartAsync(silos: 2, watch.Watch);
        var mailbox = await cluster.CreateAsync();
        await FigureRuns.FillAsync(mailbox, Mails, "mail");
        await using var wire = new Wire(cluster.Server.PlainPort);
        ServerProfile ByWire(ServerProfile profile) => profile with { Port = wire.Port, Security = ConnectionSecurity.None };
        var reading = cluster.ConnectAsync(mailbox, profile: ByWire);
        await watch.Enough.WaitAsync(TimeSpan.FromMinutes(5));
        var management = cluster.Cluster.Silos.Client.GetGrain<IManagementGrain>(0);
        var host = await management.GetActivationAddress(cluster.Of(mailbox));
        await cluster.Cluster.Silos.KillSiloAsync(cluster.Cluster.Silos.Silos.First(silo => silo.SiloAddress.Equals(host)));
        var before = Bodies(wire);
        await Record.ExceptionAsync(() => reading);

        await cluster.LookAsync(mailbox);
        var fetched = Bodies(wire);
        FigureRuns.Tell(
            output,
            $"first read of {Mails} messages, its silo killed after {before} bodies: {fetched} bodies fetched, {fetched - Mails} of them twice (at most one page, {new SyncOptions().PageMax})");
        Assert.InRange(before, Middle, Mails - 1);
        Assert.InRange(fetched, Mails, Mails + new SyncOptions().PageMax);
        Assert.Equal(Mails, await cluster.Cluster.CountAsync("select count(*) from email"));
        Assert.Equal(Mails, await cluster.Cluster.CountAsync("select count(distinct message_id) from email"));
    }

    // How many messages were asked for whole.
    private static int Bodies(Wire wire) => wire.Commands
        .Select(command => command.Split(' '))
        .Where(words => words is [_, "UID", "FETCH", _, .. var what] && string.Concat(what).Contains("BODY.PEEK[]", StringComparison.Ordinal))
        .Sum(words => words[3].Split(',').Sum(CountOf));

    private static int CountOf(string range) => range.Split(':') is [var first, var last]
        ? Math.Abs(int.Parse(last, CultureInfo.InvariantCulture) - int.Parse(first, CultureInfo.InvariantCulture)) + 1
        : 1;
}
