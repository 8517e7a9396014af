using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EmailTracking.Silo.Web;

/// <summary>A part of what the web server serves.</summary>
public interface IWebPart
{
    /// <summary>Adds what it needs to the services of the web server.</summary>
    void AddServices(IServiceCollection services);

    /// <summary>Adds its endpoints; each says who may use it, else nobody may.</summary>
    void Map(IEndpointRouteBuilder routes);
}
