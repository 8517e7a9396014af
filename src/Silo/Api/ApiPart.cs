using System.Text.Encodings.Web;
using EmailTracking.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EmailTracking.Silo.Api;

/// <summary>The native API, <c>/api/tracking/</c>.</summary>
public sealed class ApiPart : IWebPart
{
    /// <summary>Where it begins.</summary>
    public const string Root = "/api/tracking";

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services) => services.Configure<JsonOptions>(json =>
    {
        json.SerializerOptions.PropertyNamingPolicy = new LogicalNames();

        // Even in JSON nothing looks like markup.
        json.SerializerOptions.Encoder = JavaScriptEncoder.Default;
    });

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Root);
        WhoAmIEndpoint.Map(api);
        ApiKeyEndpoints.Map(api);
        PrincipalEndpoints.Map(api);
        AuditLogEndpoints.Map(api);
    }
}
