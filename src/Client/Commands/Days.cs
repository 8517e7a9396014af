using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace EmailTracking.Client.Commands;

/// <summary>Days and lengths of time on the command line.</summary>
internal static class Days
{
    /// <summary>Takes a day's limit away.</summary>
    public const string None = "none";

    private static readonly TimeSpan LengthMax = TimeSpan.FromDays(365);

    /// <summary>An option that takes a day (UTC), or <see cref="None"/>: read it with <see cref="Of"/>.</summary>
    public static Option<string?> Option(string name, string description)
    {
        var option = new Option<string?>(name) { Description = $"{description}; '{None}' for any", HelpName = "DATE" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && text != None && !TryParse(text, out _))
            {
                result.AddError(Wrong(text));
            }
        });
        return option;
    }

    /// <summary>The day that an option of <see cref="Option"/> was given, else the one that stands.</summary>
    public static DateOnly? Of(ParseResult parsed, Option<string?> option, DateOnly? standing) => parsed.GetValue(option) switch
    {
        null => standing,
        None => null,
        var text => TryParse(text, out var day) ? day : standing,
    };

    /// <summary>Reads a day: to be a parser of an option.</summary>
    public static DateOnly? Parse(ArgumentResult result)
    {
        if (TryParse(result.Tokens[0].Value, out var day))
        {
            return day;
        }

        result.AddError(Wrong(result.Tokens[0].Value));
        return null;
    }

    /// <summary>Reads a length of time such as 30s, 2m, 12h, 1d or 00:02:00: to be a parser of an option.</summary>
    public static TimeSpan? Length(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (LengthOf(text) is { } length && length >= TimeSpan.Zero && length <= LengthMax)
        {
            return length;
        }

        result.AddError($"'{text}' is no length of time. Give one such as 30s, 2m, 12h or 1d.");
        return null;
    }

    /// <summary>A day as people read it.</summary>
    public static string Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static bool TryParse(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static string Wrong(string text) => $"'{text}' is no day. Give one such as 2026-01-31.";

    private static TimeSpan? LengthOf(string text)
    {
        if (text.Length == 0 || text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var length) ? length : null;
        }

        var unit = text[^1..] switch { "s" => 1L, "m" => 60, "h" => 3_600, "d" => 86_400, _ => 0 };
        return unit > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) &&
            count * unit <= LengthMax.TotalSeconds
                ? TimeSpan.FromSeconds(count * unit)
                : null;
    }
}
