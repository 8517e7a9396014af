using System.Globalization;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Rendering;

/// <summary>Values as people read them.</summary>
internal static class Words
{
    public static string Of(Outcome outcome) => outcome.ToString().ToLowerInvariant();

    public static string Of(FilterMethod filter) => filter switch
    {
        FilterMethod.All => "0: all email messages",
        FilterMethod.Replies => "1: email messages in response to tracked email",
        FilterMethod.LeadsContactsAccounts => "2: email messages from leads, contacts and accounts",
        FilterMethod.EmailEnabledRecords => "3: email messages from records that are email enabled",
        FilterMethod.None => "4: no email messages",
        _ => ((int)filter).ToString(CultureInfo.InvariantCulture),
    };

    public static string Of(ParticipationType type) => type switch
    {
        ParticipationType.Sender => "from",
        ParticipationType.ToRecipient => "to",
        ParticipationType.CcRecipient => "cc",
        _ => "bcc",
    };

    public static string Of(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "undated";

    public static string Of(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
