using System.Globalization;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Silo.Pages.Mail;

/// <summary>What the values of an email are called on pages, as Dynamics labels them.</summary>
internal static class MailWords
{
    /// <summary>The methods by which mail is correlated here, in Dataverse's order.</summary>
    public static CorrelationMethod[] Methods { get; } =
    [
        CorrelationMethod.None, CorrelationMethod.InReplyTo, CorrelationMethod.TrackingToken, CorrelationMethod.ConversationIndex,
        CorrelationMethod.SmartMatching, CorrelationMethod.CustomCorrelation,
    ];

    /// <summary>Correlation Method.</summary>
    public static string Of(CorrelationMethod method) => method switch
    {
        CorrelationMethod.Skipped => "Skipped",
        CorrelationMethod.XHeader => "X-Header",
        CorrelationMethod.InReplyTo => "In-Reply-To",
        CorrelationMethod.TrackingToken => "Tracking Token",
        CorrelationMethod.ConversationIndex => "Conversation Index",
        CorrelationMethod.SmartMatching => "Smart Matching",
        CorrelationMethod.CustomCorrelation => "Custom Correlation",
        _ => "None",
    };

    /// <summary>A table by its name in the singular.</summary>
    public static string Table(string logicalName) => logicalName switch
    {
        Tables.SystemUser => "User",
        "incident" => "Case",
        { Length: > 0 } => char.ToUpperInvariant(logicalName[0]) + logicalName[1..],
        _ => "",
    };

    /// <summary>A date and time, to the minute; UTC.</summary>
    public static string On(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A subject, or a word for none.</summary>
    public static string Subject(string subject) => string.IsNullOrWhiteSpace(subject) ? "(no subject)" : subject;
}
