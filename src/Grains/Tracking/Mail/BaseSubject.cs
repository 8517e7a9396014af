using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace EmailTracking.Tracking.Mail;

/// <summary>A subject without what mail programs put in front of it.</summary>
/// <remarks>
/// Source: RFC 5256 section 2.1, widened by the prefixes that are met in practice (AW, SV, Antw, 回复, …), with or without a
/// space or a count, and by list tags.
/// </remarks>
public static partial class BaseSubject
{
    /// <summary>The longest subject that is kept, in characters (Dataverse column <c>email.subject</c>).</summary>
    public const int LengthMax = 800;

    private const int RoundsMax = 32;
    private const string WithheldPrefix = "sha256:";

    /// <summary>The subject to compare: prefixes and list tags removed, white space single, lower case.</summary>
    public static string Of(string? subject)
    {
        var text = Blanks().Replace(subject ?? "", " ").Trim();
        for (var round = 0; round < RoundsMax; round++)
        {
            var shorter = Prefix().Replace(text, "").Trim();
            var tag = Tag().Match(shorter);

            // A tag is cut off only when something stays: "[announce]" alone is the subject.
            if (tag.Success && tag.Length < shorter.Length)
            {
                shorter = shorter[tag.Length..].Trim();
            }

            if (shorter.Length == text.Length)
            {
                break;
            }

            text = shorter;
        }

        return text.ToLowerInvariant();
    }

    /// <summary>What is kept of a base subject that must not be kept: enough to compare.</summary>
    /// <param name="baseSubject">The base subject, or what this gave for it before.</param>
    public static string Withhold(string baseSubject)
    {
        ArgumentNullException.ThrowIfNull(baseSubject);
        return baseSubject.StartsWith(WithheldPrefix, StringComparison.Ordinal)
            ? baseSubject
            : WithheldPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(baseSubject)));
    }

    /// <summary>Whether two base subjects are the same, also when only a digest was kept of one.</summary>
    public static bool AreSame(string one, string other) => one == other || Withhold(one) == Withhold(other);

    /// <summary>Whether a mail program wrote in front of the subject that the mail is a forward.</summary>
    public static bool IsForward(string? subject) => Forward().IsMatch(subject ?? "");

    /// <summary>Whether the subject is that of an answer to a forward, or to an answer to one: <c>Re: Fwd: Offer</c>.</summary>
    public static bool IsBelowForward(string? subject)
    {
        var text = Untagged(subject ?? "");
        for (var round = 0; round < RoundsMax && Prefix().Match(text) is { Success: true } prefix; round++)
        {
            text = Untagged(text[prefix.Length..]);
            if (IsForward(text))
            {
                return true;
            }
        }

        return false;
    }

    private static string Untagged(string subject) => Tag().Replace(subject.TrimStart(), "", 1).TrimStart();

    [GeneratedRegex(
        @"^\s*(?:\[[^\[\]]{1,64}\]\s*)?(?:fw|fwd|wg|tr|rv|enc|doorst|i|ilt|vb|továbbítás|转发|轉寄|転送)\.?\s*[:：]",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Forward();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Blanks();

    [GeneratedRegex(
        @"^(?:re|aw|antw|antwort|sv|vs|vá|res|ynt|rv|enc|odp|r|ref|tr|fw|fwd|wg|wtr|doorst|i|ilt|vb|továbbítás|回复|答复|回覆|答覆|转发|轉寄|返信|転送)" +
        @"\.?\s*(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4})?\s*[:：]\s*",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^\[[^\[\]]{1,64}\]\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
