namespace EmailTracking.Tests.Crash.Compose;

/// <summary>docker-compose.yml, without containers.</summary>
public sealed class ComposeTests
{
    [Fact]
    public async Task The_services_run_by_their_commands_and_survive_the_death_of_a_silo()
    {
        await using var cluster = await ComposeCluster.CreateAsync();
        await cluster.CheckHealthAsync("postgres");
        await Task.WhenAll(cluster.StartSiloAsync("silo-1"), cluster.StartSiloAsync("silo-2"));
        await Task.WhenAll(cluster.CheckHealthAsync("silo-1"), cluster.CheckHealthAsync("silo-2"));
        Assert.Contains("The cluster answers", await cluster.RunClientAsync(), StringComparison.Ordinal);

        await cluster.RunClientAsync("import", "/mail/mail/support@contoso.com", "--mailbox", "support@contoso.com", "--queue");
        var before = await cluster.RunClientAsync();
        await cluster.KillAsync("silo-1");

        Assert.Equal(before, await cluster.RunClientAsync());
        await cluster.StartSiloAsync("silo-1");
    }
}
