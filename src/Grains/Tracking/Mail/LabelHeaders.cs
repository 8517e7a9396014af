using System.Collections.Immutable;

namespace EmailTracking.Tracking.Mail;

/// <summary>The headers by which people and programs mark mail as private, classified or labelled.</summary>
/// <remarks>
/// A closed list: what is read of a mail must not hang on settings, or two silos would read two things. Source: RFC 5322 section
/// 3.6.5 (Keywords), RFC 4021 section 2.1.55 (Sensitivity); the others are what classification products write.
/// </remarks>
public static class LabelHeaders
{
    /// <summary>How many are kept of one header name.</summary>
    public const int CountMax = 20;

    /// <summary>The longest that is kept, in characters.</summary>
    public const int LengthMax = 200;

    /// <summary>Their names.</summary>
    public static ImmutableArray<string> Names { get; } = ["Sensitivity", "Keywords", "X-Classification", "X-Label", "X-Spam-Flag"];

    /// <summary>Reads one as a person writes it, for example <c>Sensitivity: Private</c>.</summary>
    /// <returns>False when the name is none of <see cref="Names"/>, or the value is blank or too long.</returns>
    public static bool TryParse(string text, out string label)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
        label = parts.Length == 2 ? Normal(parts[0], parts[1]) : "";
        return parts is [_, { Length: > 0 }] && label.Length <= LengthMax && Names.Contains(parts[0], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The labels of a mail as they are compared; a list of keywords is one label for each.</summary>
    public static ImmutableArray<string> Normal(ImmutableArray<string> labels) =>
    [
        .. labels
            .Select(label => label.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0], StringComparer.OrdinalIgnoreCase)
            .SelectMany(name => name
                .SelectMany(parts => IsList(name.Key) ? parts[1].Split(',', Trimmed) : [parts[1]])
                .Select(value => Normal(name.Key, value))
                .Where(label => label.Length <= LengthMax)
                .Distinct()
                .Take(CountMax)),
    ];

    private const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    private static bool IsList(string name) => name.Equals("Keywords", StringComparison.OrdinalIgnoreCase);

    private static string Normal(string name, string value) => $"{name}: {value}".ToLowerInvariant();
}
