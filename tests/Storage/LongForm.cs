namespace EmailTracking.Tests.Storage;

/// <summary>How much is done: little in every run, more with <c>./test --full</c>.</summary>
internal static class LongForm
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("EMAILTRACKING_FULL") == "1";

    /// <summary>A count for this run.</summary>
    public static int Or(int full, int brief) => IsFull ? full : brief;
}
