using System.Diagnostics;
using System.Globalization;
using EmailTracking.Silo.Hosting;
using EmailTracking.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EmailTracking.Tests.Crash.Host;

/// <summary>The product's own silo program, with points around its store and its intake.</summary>
/// <remarks>
/// The program is run by its entry point, as it is. When it builds its host, the hosting library says so to whoever listens; that is
/// where the decorators come in, so that the product needs no place for them.
/// </remarks>
internal static class PointedSilo
{
    public static int Run(string state, string loseEvery, string[] arguments)
    {
        var points = new Points(new SiloState(state));
        points.State.Clear();
        EndWithParent();
        using var listening = DiagnosticListener.AllListeners.Subscribe(new Observer<DiagnosticListener>(listener =>
        {
            if (listener.Name == "Microsoft.Extensions.Hosting")
            {
                listener.Subscribe(new Observer<KeyValuePair<string, object?>>(said =>
                {
                    if (said is { Key: "HostBuilding", Value: IHostBuilder builder })
                    {
                        builder.ConfigureServices((_, services) =>
                            Decorate(services, points, int.Parse(loseEvery, CultureInfo.InvariantCulture)));
                    }
                }));
            }
        }));
        return (int)typeof(SiloHost).Assembly.EntryPoint!.Invoke(null, [arguments])!;
    }

    private static void Decorate(IServiceCollection services, Points points, int loseEvery)
    {
        // The preview's page is a host as well, and has no store.
        if (!services.Any(service => service.ServiceType == typeof(ITrackingStore)))
        {
            return;
        }

        Decorate<ITrackingStore>(services, store => new PointedTrackingStore(store, points, loseEvery));
        Decorate<IContentStore>(services, store => new PointedContentStore(store, points));
        Decorate<IOutbox>(services, outbox => new PointedOutbox(outbox, points));
        services.AddSingleton<IIncomingGrainCallFilter>(new IntakePoints(points));
    }

    private static void Decorate<T>(IServiceCollection services, Func<T, T> decorate)
        where T : class
    {
        var inner = services.Last(service => service.ServiceType == typeof(T)).ImplementationType!;
        services.AddSingleton(provider => decorate((T)ActivatorUtilities.CreateInstance(provider, inner)));
    }

    // Nobody is left behind when the tests are killed themselves: their end of standard input closes.
    private static void EndWithParent() => new Thread(() =>
    {
        Console.In.ReadToEnd();
        Environment.Exit(1);
    }) { IsBackground = true }.Start();

    private sealed class Observer<T>(Action<T> next) : IObserver<T>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(T value) => next(value);
    }
}
