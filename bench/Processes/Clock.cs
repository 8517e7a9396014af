using System.Globalization;

namespace EmailTracking.Bench.Processes;

/// <summary>Processor time, user and system, as the kernel has counted it (proc(5)).</summary>
internal static class Clock
{
    private const double TicksPerSecond = 100;

    /// <summary>Seconds that a process has used; 0 for one that is gone.</summary>
    public static double OfProcess(int process) => Stat(process) is { } stat ? (stat[11] + stat[12]) / TicksPerSecond : 0;

    /// <summary>The most memory that a process has held at once, in bytes; 0 for one that is gone.</summary>
    public static long PeakBytesOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1_024;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Seconds that a process, its children, and those of them that ended have used.</summary>
    public static double OfFamily(int parent)
    {
        var stat = Stat(parent);
        return stat is null
            ? 0
            : (stat[11..15].Sum() / TicksPerSecond) + Processes().Where(process => Stat(process)?[1] == parent).Sum(OfProcess);
    }

    private static IEnumerable<int> Processes() => Directory.GetDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process) ? process : 0)
        .Where(process => process > 0);

    // Numbers after the name, which may hold blanks and brackets: state (0 here), parent, …, utime, stime, cutime, cstime.
    private static long[]? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return [.. text[(text.LastIndexOf(')') + 2)..].Split(' ').Take(15)
                .Select(word => long.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
