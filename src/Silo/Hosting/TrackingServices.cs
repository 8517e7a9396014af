using EmailTracking.Acts;
using EmailTracking.Client;
using EmailTracking.Conversations;
using EmailTracking.Erasing;
using EmailTracking.Intake;
using EmailTracking.Listing;
using EmailTracking.Preview;
using EmailTracking.Queries;
using EmailTracking.Silo.Mime;
using EmailTracking.Silo.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace EmailTracking.Silo.Hosting;

/// <summary>What the grains need, whatever the store.</summary>
public static class TrackingServices
{
    // A conversation keeps nothing that the store does not have, and a first read of a mailbox activates thousands each second: idle ones
    // would be most of the memory.
    private static readonly TimeSpan ConversationIdleMax = TimeSpan.FromSeconds(10);

    /// <summary>Registers the parser, the clock and the options, which are checked when the silo starts.</summary>
    public static IServiceCollection AddTracking(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddStoreExceptions();
        services.AddSingleton<TrackingMetrics>();
        services.AddSingleton<MimeMapper>();
        services.AddSingleton<IMailParser, MailParser>();
        services.AddSingleton<IMailText, MailText>();
        services.AddSingleton<ListingWaker>();
        services.AddSingleton<SightingReader>();
        services.AddSingleton<EmailNames>();
        services.AddSingleton<PendingTracker>();
        services.AddSingleton<SightReader>();
        services.AddSingleton<Explainer>();
        services.AddSingleton<AddressMail>();
        services.AddSingleton<PreviewWords>();
        services.AddSingleton<PreviewPlaces>();
        services.AddMailboxSync(configuration);
        services.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionQuantum = ConversationIdleMax / 2;
            options.ClassSpecificCollectionAge[typeof(ConversationGrain).FullName!] = ConversationIdleMax;
        });
        services.AddSingleton<IValidateOptions<TrackingOptions>, TrackingOptionsValidator>();
        services.AddSingleton<IValidateOptions<MimeOptions>, MimeOptionsValidator>();
        services.AddSingleton<IValidateOptions<TrackingStoreOptions>, TrackingStoreOptionsValidator>();
        services.AddSingleton<IValidateOptions<PreviewOptions>, PreviewOptionsValidator>();
        services.AddOptions<PreviewOptions>().Bind(configuration.GetSection("EmailTracking:Preview")).ValidateOnStart();
        services.AddOptions<TrackingOptions>().Bind(configuration.GetSection("EmailTracking:Tracking")).ValidateOnStart();
        services.AddOptions<MimeOptions>().Bind(configuration.GetSection("EmailTracking:Mime")).ValidateOnStart();
        services.AddOptions<TrackingStoreOptions>().Bind(configuration.GetSection("EmailTracking:Store")).ValidateOnStart();
        return services;
    }
}
