using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Api;

/// <summary>How many rows a caller asks for.</summary>
internal static class Bounds
{
    /// <summary>Reads a count.</summary>
    /// <param name="asked">What is asked for; null: the standard.</param>
    /// <param name="standard">How many, when it is not said.</param>
    /// <param name="countMax">The most.</param>
    /// <param name="count">How many.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static IResult? Read(int? asked, int standard, int countMax, out int count)
    {
        count = asked ?? standard;
        return count < 1 || count > countMax ? ApiAnswers.Wrong(FormattableString.Invariant($"count is 1 to {countMax}.")) : null;
    }
}
