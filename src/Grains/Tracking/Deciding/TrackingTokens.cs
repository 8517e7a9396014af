using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Tracking tokens in subjects: a prefix and digits, for example <c>CRM:0001001</c>.</summary>
/// <remarks>
/// Older prefixes stay valid after a change. Source: Dynamics' documented token (Dataverse column <c>email.trackingtoken</c>, at
/// most 50 characters).
/// </remarks>
public static class TrackingTokens
{
    private const int DigitsMin = 5;
    private const int DigitsMax = 28;
    private const int TokensMax = 8;

    /// <summary>The tokens that a decoded subject carries, in order, without repeats, at most eight.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="prefixes">The prefix in use and those used before, each of 1 to 20 characters.</param>
    public static ImmutableArray<string> In(string subject, ImmutableArray<string> prefixes)
    {
        if (prefixes.IsDefaultOrEmpty)
        {
            return [];
        }

        var alternatives = string.Join('|', prefixes.OrderByDescending(prefix => prefix.Length).Select(Regex.Escape));
        var pattern = string.Create(CultureInfo.InvariantCulture, $@"(?<![\w])({alternatives})\s?([0-9]{{{DigitsMin},{DigitsMax}}})(?!\d)");
        return
        [
            .. Regex.Matches(subject, pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)
                .Select(match => match.Groups[1].Value.ToUpperInvariant() + match.Groups[2].Value)
                .Distinct()
                .Take(TokensMax),
        ];
    }
}
