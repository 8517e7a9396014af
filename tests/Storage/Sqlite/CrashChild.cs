using System.Diagnostics;
using System.Globalization;
using EmailTracking.Tests.Storage.Conformance;
using EmailTracking.Tests.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

#pragma warning disable CA1050 // The runtime finds it by this name, outside of any namespace.

/// <summary>Turns a process that runs this assembly into one that writes until it is killed (DOTNET_STARTUP_HOOKS).</summary>
internal static class StartupHook
{
    public static void Initialize() => CrashChild.RunAsync().GetAwaiter().GetResult();
}

#pragma warning restore CA1050

namespace EmailTracking.Tests.Storage.Sqlite
{
    /// <summary>A process that tracks letter after letter, many at a time, and says of each when it is durable.</summary>
    internal static class CrashChild
    {
        private const string FileVariable = "EMAILTRACKING_CRASH_FILE";
        private const string FirstVariable = "EMAILTRACKING_CRASH_FIRST";
        private const int WritersCount = 32;

        /// <summary>Every third answers the one before: changes are of several kinds.</summary>
        public static Letter LetterOf(int number) => new($"m{number}@contoso.com")
        {
            Answers = number % 3 == 0 ? null : $"m{number - 1}@contoso.com", Minute = number,
        };

        /// <summary>Starts the process; its output is one number a line.</summary>
        public static Process Start(string path, int first)
        {
            var assembly = typeof(CrashChild).Assembly.Location;
            var start = new ProcessStartInfo("dotnet", ["exec", assembly]) { RedirectStandardOutput = true };
            start.Environment["DOTNET_STARTUP_HOOKS"] = assembly;
            start.Environment[FileVariable] = path;
            start.Environment[FirstVariable] = first.ToString(CultureInfo.InvariantCulture);
            return Process.Start(start)!;
        }

        public static async Task RunAsync()
        {
            var next = int.Parse(Environment.GetEnvironmentVariable(FirstVariable)!, CultureInfo.InvariantCulture) - 1;
            await using var silo = new StoreUnderTest(await SqliteStoreDatabase.StartAsync(
                Environment.GetEnvironmentVariable(FileVariable)!, services => services.AddSingleton(TimeProvider.System)));
            await silo.MailboxAsync("ana@contoso.com");
            await Task.WhenAll(Enumerable.Range(0, WritersCount).Select(_ => Task.Run(async () =>
            {
                while (true)
                {
                    var number = Interlocked.Increment(ref next);
                    await silo.DeliverAsync(LetterOf(number).In("ana@contoso.com"));
                    Console.Out.WriteLine(number);
                }
            })));
        }
    }
}
