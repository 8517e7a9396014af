using EmailTracking.Client;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection;
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
        AddSeals(services, options.KeyFolder);
        if (options.Authority is { } authority)
        {
            AddProvider(services, options, authority);
        }
    }

    private static void AddProvider(IServiceCollection services, WebOptions options, string authority)
    {
        var isHttps = authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        var authentication = services.AddAuthentication(options.ClientId is null ? JwtBearerDefaults.AuthenticationScheme : BrowserSignIn.Scheme);
        authentication.AddJwtBearer(bearer =>
        {
            (bearer.Authority, bearer.Audience, bearer.RequireHttpsMetadata, bearer.MapInboundClaims) = (authority, options.Audience, isHttps, false);
            Trust(bearer.TokenValidationParameters);
        });
        if (options.ClientId is not null)
        {
            BrowserSignIn.Add(authentication, options, provider =>
            {
                (provider.Authority, provider.RequireHttpsMetadata, provider.MapInboundClaims) = (authority, isHttps, false);
                Trust(provider.TokenValidationParameters);
            });
        }
    }

    private static void Trust(TokenValidationParameters tokens) => (tokens.ValidAlgorithms, tokens.RequireExpirationTime) = (Algorithms, true);

    // What is sealed comes back from browsers: who is signed in, and what their pages keep for the silo.
    private static void AddSeals(IServiceCollection services, string? folder)
    {
        if (folder is null)
        {
            services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
            return;
        }

        services.AddDataProtection().SetApplicationName("EmailTracking").PersistKeysToFileSystem(new DirectoryInfo(folder));
    }
}
