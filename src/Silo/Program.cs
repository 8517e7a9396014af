using EmailTracking.Client;
using EmailTracking.Client.Importing;
using EmailTracking.Silo.Hosting;
using EmailTracking.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Spectre.Console;

return await new SiloCommandLine().InvokeAsync(args, RunAsync);

static async Task<int> RunAsync(Dictionary<string, string?> settings, DirectoryInfo? import, CancellationToken cancellationToken)
{
    try
    {
        using var host = await SiloHost.BuildAsync(settings, cancellationToken);
        await host.StartAsync(cancellationToken);
        Console.WriteLine(SiloHost.Greeting(host.Services));
        if (import is not null)
        {
            await using var client = EmailTrackingClient.Over(host.Services.GetRequiredService<IGrainFactory>());
            await OrganizationFolder.ImportAsync(client, import.FullName, AnsiConsole.Console, cancellationToken);
        }

        await host.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
    catch (Exception problem) when (problem is OptionsValidationException or MigrationException or InvalidDataException)
    {
        await Console.Error.WriteLineAsync(problem.Message);
        return 1;
    }
}
