using System.Net;
using EmailTracking.Silo.Api;
using EmailTracking.Silo.Pages;
using EmailTracking.Silo.Storage;
using EmailTracking.Silo.Storage.Postgres;
using EmailTracking.Silo.Storage.Sqlite;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Dashboard;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace EmailTracking.Silo.Hosting;

/// <summary>Builds a silo: the store first, so that it stops last, then Orleans.</summary>
public static class SiloHost
{
    /// <summary>Builds a silo from its settings and brings its database up to date.</summary>
    /// <param name="settings">Settings by their configuration names; they win over files and environment.</param>
    /// <param name="cancellationToken">Stops the migrations.</param>
    /// <exception cref="OptionsValidationException">A setting is wrong: its name is said.</exception>
    /// <exception cref="MigrationException">The database is not one that this program can use: what to do is said.</exception>
    public static async Task<IHost> BuildAsync(
        IEnumerable<KeyValuePair<string, string?>> settings, CancellationToken cancellationToken = default)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging
            .AddFilter("Orleans", LogLevel.Warning)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Polly", LogLevel.Warning)

            // Its first check measures from the machine's start, and warns of that.
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        var options = builder.Configuration.GetSection("EmailTracking:Silo").Get<SiloOptions>() ?? new SiloOptions();
        Check("EmailTracking:Silo", options, new SiloOptionsRanges(), new SiloOptionsValidator());
        builder.Services.AddSingleton(options);
        var web = builder.Configuration.GetSection("EmailTracking:Web").Get<WebOptions>() ?? new WebOptions();
        Check("EmailTracking:Web", web, new WebOptionsRanges(), new WebOptionsValidator());

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainFor);
        builder.Services.AddTracking(builder.Configuration);
        builder.Services.AddSingleton(MailPlan.Read(builder.Configuration));
        await (options.Cluster ? UseClusterAsync(builder, options, cancellationToken) : UseSingleAsync(builder, options, cancellationToken));

        // Last, so that the page and the API are there when the silo answers.
        builder.Services.AddSingleton(web);
        builder.Services.AddSingleton<IWebPart, ApiPart>();
        builder.Services.AddSingleton<IWebPart, PagesPart>();
        builder.Services.AddSingleton<WebServer>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WebServer>());
        return builder.Build();
    }

    /// <summary>What a person is told when the silo serves.</summary>
    public static string Greeting(IServiceProvider services)
    {
        var options = services.GetRequiredService<SiloOptions>();
        var store = options.Cluster ? "PostgreSQL" : $"SQLite in {Path.GetFullPath(options.Data)}";
        var page = services.GetRequiredService<WebServer>().Notice is { } notice ? Environment.NewLine + notice : "";
        return $"EmailTracking serves over {store}. Clients connect to {options.Address}:{options.GatewayPort}. Ctrl+C stops it.{page}";
    }

    private static void Check<T>(string section, T options, IValidateOptions<T> ranges, IValidateOptions<T> together)
        where T : class
    {
        var result = ranges.Validate(null, options);
        result = result.Failed ? result : together.Validate(null, options);
        if (result.Failed)
        {
            throw new OptionsValidationException(section, typeof(T), result.Failures);
        }
    }

    private static async Task UseClusterAsync(
        HostApplicationBuilder builder, SiloOptions options, CancellationToken cancellationToken)
    {
        await using (var source = NpgsqlDataSource.Create(options.ConnectionString!))
        {
            await Migrations.ApplyAsync(source, MigrationSet.Postgres, cancellationToken);
        }

        builder.Services.AddPostgresTracking(options.ConnectionString!);
        builder.Services.AddHostedService<ConfiguredMail>();
        var orleans = new NpgsqlConnectionStringBuilder(options.ConnectionString) { SearchPath = "orleans" }.ConnectionString;
        builder.UseOrleans(silo =>
        {
            Name(silo, options);
            silo.UseAdoNetClustering(ado => (ado.Invariant, ado.ConnectionString) = ("Npgsql", orleans))
                .UseAdoNetReminderService(ado => (ado.Invariant, ado.ConnectionString) = ("Npgsql", orleans))
                .AddAdoNetGrainStorage("cold", ado => (ado.Invariant, ado.ConnectionString) = ("Npgsql", orleans))
                .ConfigureEndpoints(IPAddress.Parse(options.Address), options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: false);

            // A killed silo's grains answer again after about two seconds instead of twelve; a probe that is late by chance
            // is forgiven twice, and two others have to agree.
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 3;
                membership.NumVotesForDeathDeclaration = 2;
            });
        });
    }

    private static Task UseSingleAsync(HostApplicationBuilder builder, SiloOptions options, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Data);
        var cold = new SqliteConnectionStringBuilder { DataSource = Path.Combine(options.Data, "orleans.db") }.ConnectionString;
        Migrations.Apply(cold, MigrationSet.SqliteOrleans, cancellationToken);
        builder.Services.AddSqliteTracking(Path.Combine(options.Data, "tracking.db"));
        builder.Services.AddHostedService<ConfiguredMail>();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(
                options.SiloPort, options.GatewayPort, serviceId: options.ClusterId, clusterId: options.ClusterId);
            Name(silo, options);

            // The provider's name for SQLite; it loads Microsoft.Data.Sqlite.
            silo.UseInMemoryReminderService()
                .AddAdoNetGrainStorage("cold", ado => (ado.Invariant, ado.ConnectionString) = ("System.Data.SQLite", cold));
        });
        return Task.CompletedTask;
    }

    private static void Name(ISiloBuilder silo, SiloOptions options)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ClusterId));

        // A call that was on its way to a silo that died fails only then; the client repeats it.
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(15));

        silo.Services.AddHostedService<StartWaker>();
        if (options.Dashboard)
        {
            // What is logged is for whoever runs the machine.
            silo.AddDashboard(dashboard => dashboard.HideTrace = true);
            silo.Services.AddSingleton<IWebPart, DashboardPart>();
        }
    }
}
