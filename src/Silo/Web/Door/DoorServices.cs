using EmailTracking.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace EmailTracking.Silo.Web.Door;

/// <summary>What the door needs.</summary>
internal static class DoorServices
{
    // Whoever waits at the other end has a time-out of its own.
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(20);

    // Keys are signed by what only the provider has; one that both sides have would let us make tokens.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public static void AddDoor(this IServiceCollection services, WebOptions options)
    {
        services.AddSingleton(provider => EmailTrackingClient.Over(
            provider.GetRequiredService<IGrainFactory>(),
            new EmailTrackingClientOptions { Organization = GrainKeys.DefaultOrganization, RetryFor = RetryFor },
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RequestRates>();
        services.AddSingleton<Owners>();
        services.AddSingleton<Identification>();
        services.AddSingleton<ChangeLog>();
        if (options.Authority is { } authority)
        {
            services.AddAuthentication().AddJwtBearer(bearer =>
            {
                bearer.Authority = authority;
                bearer.Audience = options.Audience;
                bearer.RequireHttpsMetadata = authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
                bearer.MapInboundClaims = false;
                bearer.TokenValidationParameters.ValidAlgorithms = Algorithms;
                bearer.TokenValidationParameters.RequireExpirationTime = true;
            });
        }
    }
}
