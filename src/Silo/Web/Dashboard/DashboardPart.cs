using EmailTracking.Access;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Dashboard;

namespace EmailTracking.Silo.Web.Dashboard;

/// <summary>The Orleans dashboard: silos, grains, calls and reminders, for operators.</summary>
/// <param name="silo">The services of the silo, where the dashboard has its own.</param>
public sealed class DashboardPart(IServiceProvider silo) : IWebPart
{
    /// <summary>Where it is.</summary>
    public const string Root = "/dashboard";

    // Its page is one script and one style sheet, with fonts and pictures beside them; it places its parts by style attributes.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services)
    {
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        IEndpointConventionBuilder endpoints = new SiloRoutes(routes, silo).MapOrleansDashboard(Root);
        endpoints.Needs(Privilege.WatchCluster).Finally(Serve);
    }

    private void Serve(EndpointBuilder endpoint)
    {
        var next = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.RequestServices = silo;
            return next(context);
        };
    }

    /// <summary>Routes of the web server whose handlers get what they ask for from the silo.</summary>
    private sealed class SiloRoutes(IEndpointRouteBuilder routes, IServiceProvider silo) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => silo;

        public ICollection<EndpointDataSource> DataSources => routes.DataSources;

        public IApplicationBuilder CreateApplicationBuilder() => routes.CreateApplicationBuilder();
    }
}
