using Xunit.Abstractions;

namespace EmailTracking.Tests.Crash;

/// <summary>A folder and a seed for one run. A run that fails leaves its folder, and says where that is.</summary>
internal static class Kept
{
    private const string SeedVariable = "EMAILTRACKING_CRASH_SEED";

    public static async Task<T> FolderAsync<T>(ITestOutputHelper output, Func<string, int, Task<T>> run)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out var given) ? given : Random.Shared.Next(1_000_000);
        var folder = Directory.CreateTempSubdirectory("emailtracking-crash-").FullName;
        try
        {
            var result = await run(folder, seed);
            Directory.Delete(folder, recursive: true);
            return result;
        }
        catch
        {
            output.WriteLine($"The run is kept in {folder}. {SeedVariable}={seed} makes the same mail and the same rounds.");
            throw;
        }
    }
}
