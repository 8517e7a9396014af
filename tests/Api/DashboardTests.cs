using System.Net;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Dashboard;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EmailTracking.Tests.Api;

/// <summary>The Orleans dashboard is behind the same door as everything else.</summary>
public sealed class DashboardTests
{
    [Fact]
    public async Task Operators_watch_the_cluster_and_nobody_else_does()
    {
        var data = Directory.CreateTempSubdirectory("emailtracking-dashboard-");
        var (host, address) = await ApiSilo.StartAsync(data.FullName, new()
        {
            ["EmailTracking:Silo:Dashboard"] = "true", ["EmailTracking:Web:Authentication"] = "Required",
        });
        using (host)
        {
            var endpoints = host.Services.GetRequiredService<WebServer>().Endpoints.OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith(DashboardPart.Root, StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(endpoints);
            Assert.All(endpoints, endpoint => Assert.Equal(
                new AccessRule(Privilege.WatchCluster, AccessTarget.Organization, IsChange: false), endpoint.Metadata.GetMetadata<AccessRule>()));

            await AsksAsync(host.Services, address, null, HttpStatusCode.Unauthorized);
            await AsksAsync(host.Services, address, Role.Reader, HttpStatusCode.Forbidden);
            await AsksAsync(host.Services, address, Role.User, HttpStatusCode.Forbidden);
            var counters = await AsksAsync(host.Services, address, Role.Operator, HttpStatusCode.OK);
            Assert.Contains("totalActiveHostCount", counters, StringComparison.OrdinalIgnoreCase);
            await host.StopAsync();
        }

        data.Delete(recursive: true);
    }

    private static async Task<string> AsksAsync(IServiceProvider silo, Uri address, Role? role, HttpStatusCode expected)
    {
        using var client = new HttpClient { BaseAddress = address };
        if (role is { } some)
        {
            var key = await EmailTrackingClient.Over(silo.GetRequiredService<IGrainFactory>())
                .CreateKeyAsync(new KeyRequest("test", some, null, [], TimeSpan.FromDays(1), "tests"));
            client.DefaultRequestHeaders.Authorization = new("Bearer", key.Text);
        }

        using var page = await client.GetAsync(new Uri($"{DashboardPart.Root}/", UriKind.Relative));
        Assert.Equal(expected, page.StatusCode);
        using var counters = await client.GetAsync(new Uri($"{DashboardPart.Root}/DashboardCounters", UriKind.Relative));
        Assert.Equal(expected, counters.StatusCode);
        return await counters.Content.ReadAsStringAsync();
    }
}
