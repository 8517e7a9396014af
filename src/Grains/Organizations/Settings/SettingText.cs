using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Organizations;

/// <summary>Lists that people write as text: entries with commas between, and semicolons where an entry may hold a comma.</summary>
internal static class SettingText
{
    /// <summary>The most entries of one list.</summary>
    public const int EntriesMax = 1_000;

    private const int ShownMax = 60;

    /// <summary>Text that somebody typed, as much of it as an error needs.</summary>
    public static string Shown(string text) => text.Length <= ShownMax ? text : $"{text[..ShownMax]}…";

    /// <summary>Reads a list of addresses and domains.</summary>
    /// <param name="text">The list; <c>none</c> or nothing for an empty one.</param>
    /// <param name="problem">What is wrong with it, and what to do; null when nothing is.</param>
    public static ImmutableArray<string> Patterns(string text, out string? problem) =>
        Read(text, ',', AddressPattern.TryParse, "neither an address such as ana@contoso.com nor a domain such as contoso.com", out problem);

    /// <summary>Reads a list of headers.</summary>
    public static ImmutableArray<string> Labels(string text, out string? problem) => Read(
        text, ';', LabelHeaders.TryParse, $"no header such as 'Sensitivity: Private' (headers: {string.Join(", ", LabelHeaders.Names)})", out problem);

    /// <summary>Reads a list of words, each of 2 to 100 characters.</summary>
    public static ImmutableArray<string> Words(string text, out string? problem) => Read(text, ',', IsWord, "no word of 2 to 100 characters", out problem);

    /// <summary>What a list of teams takes.</summary>
    public const string TeamsRange = "names of teams with commas between; none";

    /// <summary>Reads a list of names of teams, each of 1 to 160 characters (Dataverse column <c>team.name</c>).</summary>
    public static ImmutableArray<string> Teams(string text, out string? problem) => Read(text, ',', IsTeam, "no name of 1 to 160 characters", out problem);

    /// <summary>A list as people write it.</summary>
    public static string Of(ImmutableArray<string> entries, char separator) => entries.IsEmpty ? "none" : string.Join($"{separator} ", entries);

    private delegate bool Reader(string text, out string value);

    private static bool IsWord(string text, out string value)
    {
        value = text.Trim();
        return value.Length is >= 2 and <= 100;
    }

    private static bool IsTeam(string text, out string value)
    {
        value = text.Trim();
        return value.Length is >= 1 and <= 160 && !value.Any(char.IsControl);
    }

    private static ImmutableArray<string> Read(string text, char separator, Reader read, string otherwise, out string? problem)
    {
        problem = null;
        var parts = text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts is [var only] && only.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        if (parts.Length > EntriesMax)
        {
            problem = $"The list has {parts.Length} entries; at most {EntriesMax} are allowed. Use domains instead of single addresses.";
            return [];
        }

        var entries = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            if (!read(part, out var entry))
            {
                problem = $"'{Shown(part)}' is {otherwise}.";
                return [];
            }

            entries.Add(entry);
        }

        return [.. entries];
    }
}
