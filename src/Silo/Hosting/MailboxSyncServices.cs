using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Silo.Connectors;
using EmailTracking.Silo.Connectors.Imap;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Hosting;

/// <summary>What reading mailboxes needs, whatever the store and the kinds of servers.</summary>
public static class MailboxSyncServices
{
    /// <summary>Registers how mailboxes are read, and its options, which are checked when the silo starts.</summary>
    public static IServiceCollection AddMailboxSync(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSingleton(provider => new SyncLifetime(provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<IMailConnector, ImapConnector>();
        services.AddSingleton<MailConnectors>();
        services.AddSingleton<ConnectionSlots>();
        services.AddSingleton<WholeMailReader>();
        services.AddSingleton<ArrivalDecider>();
        services.AddSingleton<ArrivalFacts>();
        services.AddSingleton<LabelActs>();
        services.AddSingleton<FolderTroubles>();
        services.AddSingleton<LabelStamps>();
        services.AddSingleton<ChangeDecider>();
        services.AddSingleton<FolderReader>();
        services.AddSingleton<SyncRound>();
        services.AddSingleton<MailboxComparer>();
        services.AddSingleton<RecallReader>();
        services.AddSingleton<MissingMailReader>();
        services.AddSingleton<FolderRelinker>();
        services.AddSingleton<IValidateOptions<SyncOptions>, SyncOptionsValidator>();
        services.AddOptions<SyncOptions>().Bind(configuration.GetSection("EmailTracking:Sync")).ValidateOnStart();
        return services;
    }
}
