using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Organizations;

/// <summary>What tokens begin with; prefixes that were in use before still count.</summary>
internal static class TokenPrefix
{
    private const int LengthMax = 20;

    // organization.trackingprefix: all prefixes that ever were in use.
    private const int TotalLengthMax = 256;

    public static SettingDefinition Setting { get; } = new(
        "TrackingPrefix",
        "What a tracking token in a subject begins with. Prefixes that were in use before still count.",
        $"1 to {LengthMax} characters, no blanks, no digit at the end",
        "CRM:",
        settings => settings.TokenPrefixes[0],
        Write)
    {
        Preset = null,
    };

    private static WrittenSetting Write(TrackingSettings settings, string text)
    {
        if (text.Length is 0 or > LengthMax || text.Any(one => char.IsWhiteSpace(one) || char.IsControl(one)) || char.IsDigit(text[^1]))
        {
            return new WrittenSetting(
                null,
                $"TrackingPrefix takes 1 to {LengthMax} characters without blanks and without a digit at the end, not '{SettingText.Shown(text)}'.");
        }

        ImmutableArray<string> prefixes = [text, .. settings.TokenPrefixes.Where(prefix => prefix != text)];
        return prefixes.Sum(prefix => prefix.Length) <= TotalLengthMax
            ? new WrittenSetting(settings with { TokenPrefixes = prefixes }, null)
            : new WrittenSetting(
                null, $"All prefixes that were ever in use have more than {TotalLengthMax} characters together. Use one of those again.");
    }
}
