using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Mail that no filter is asked about: what people want to keep to themselves.</summary>
internal static class Exclusions
{
    /// <summary>Whether nothing may track it, neither a filter nor a folder nor a person.</summary>
    /// <remarks>Our own users and queues are in nearly all mail: whether "all" are on the list is asked of the others.</remarks>
    public static bool Forbids(FilterQuestion question)
    {
        var privacy = question.Settings.Privacy;
        if (privacy.NeverTracked.IsEmpty)
        {
            return false;
        }

        var people = question.Sighting.Facts.Participants.Select(one => one.Address).Distinct().ToArray();
        if (!privacy.NeverTrackedNeedsAll)
        {
            return Array.Exists(people, address => AddressPattern.Match(privacy.NeverTracked, address));
        }

        // Who cannot be read is somebody outside who is not on the list.
        var others = Array.FindAll(people, address => address is null || !Parties.IsUser(address, question.Directory));
        return others.Length > 0 && Array.TrueForAll(others, address => AddressPattern.Match(privacy.NeverTracked, address));
    }

    /// <summary>Why no filter may track it; null when one may.</summary>
    public static ReasonCode? Of(FilterQuestion question)
    {
        var (privacy, mail) = (question.Settings.Privacy, question.Sighting.Facts);
        return Blocks(privacy.BlockedSenders, question) ? ReasonCode.BlockedSender
            : privacy.LeavesOutInternalOnly && IsInternalOnly(question) ? ReasonCode.InternalOnly
            : privacy.ExcludedHeaders.Any(mail.Labels.Contains) ? ReasonCode.ExcludedHeader
            : !privacy.RequiredHeaders.IsEmpty && !privacy.RequiredHeaders.Any(mail.Labels.Contains) ? ReasonCode.RequiredHeaderMissing
            : privacy.ExcludedKeywords.Any(word => HasWord(mail.Subject, word)) ? ReasonCode.ExcludedKeyword
            : null;
    }

    /// <summary>Whether a list blocks the other side: the sender of received mail, any recipient of sent mail.</summary>
    public static bool Blocks(ImmutableArray<string> patterns, FilterQuestion question) => !patterns.IsEmpty && (question.IsSent
        ? question.Sighting.Facts.Recipients.Any(one => AddressPattern.Match(patterns, one.Address))
        : AddressPattern.Match(patterns, question.Sighting.Facts.Sender));

    private static bool IsInternalOnly(FilterQuestion question) => !question.Sighting.Facts.Participants.IsEmpty && question.Sighting.Facts.Participants.All(one =>
        one.Address is { } address && Parties.IsUser(address, question.Directory));

    // A word, not a part of one: "merger" is not in "submerger".
    private static bool HasWord(string subject, string word)
    {
        for (var at = 0; (at = subject.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            var end = at + word.Length;
            if ((at == 0 || IsBorder(subject[at - 1], word[0])) && (end == subject.Length || IsBorder(subject[end], word[^1])))
            {
                return true;
            }
        }

        return false;
    }

    // Chinese, Japanese and Korean write no blanks between words: there any place may be one.
    private static bool IsBorder(char outside, char inside) =>
        !char.IsLetterOrDigit(outside) || outside >= FirstUnspaced || inside >= FirstUnspaced;

    private const char FirstUnspaced = '\u2E80';
}
