using System.Globalization;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
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

    /// <summary>Where a regarding comes from.</summary>
    public static string Of(RegardingSource source) => source switch
    {
        RegardingSource.ByHandHere => "by hand, for this email only",
        RegardingSource.ByHand => "by hand",
        RegardingSource.Token => "from the conversation of its token",
        RegardingSource.Folder => "from a tracked folder",
        RegardingSource.Correlated => "from the email that it answers",
        RegardingSource.Sender => "from its sender",
        RegardingSource.QueueRule => "by the rule of a queue",
        _ => "by a rule",
    };

    /// <summary>The part that somebody plays (Participation Type).</summary>
    public static string Of(ParticipationType type) => type switch
    {
        ParticipationType.Sender => "From",
        ParticipationType.ToRecipient => "To",
        ParticipationType.CcRecipient => "Cc",
        _ => "Bcc",
    };

    /// <summary>What somebody did.</summary>
    public static string Of(ActKind kind) => kind switch
    {
        ActKind.Regarding => "Set Regarding",
        ActKind.Resolve => "Choose a party's record",
        ActKind.Stop => "Stop conversation",
        ActKind.Resume => "Resume conversation",
        _ => kind.ToString(),
    };

    /// <summary>That something was done.</summary>
    public static string Done(ActKind kind) => kind switch
    {
        ActKind.Track => "Tracked.",
        ActKind.Untrack => "Untracked: it stays known, and hidden.",
        ActKind.Regarding => "Regarding set.",
        ActKind.Stop => "Stopped: what is received from now on in this conversation stays out.",
        ActKind.Resume => "The conversation goes on.",
        ActKind.Admit => "Admitted.",
        ActKind.Merge => "Merged: the conversations are one.",
        ActKind.Resolve => "In this email the address stands for that record.",
        ActKind.Split => "Split off: it is a conversation of its own.",
        _ => "Taken back.",
    };

    /// <summary>The name that the API has for an act: the audit log has it under this.</summary>
    public static string Operation(ActKind kind) => kind switch
    {
        ActKind.Track => "track-emails",
        ActKind.Untrack => "untrack-emails",
        ActKind.Regarding => "set-regarding",
        ActKind.Stop => "stop-conversation",
        ActKind.Resume => "resume-conversation",
        ActKind.Merge => "merge-conversations",
        ActKind.Split => "split-conversation",
        ActKind.Resolve => "resolve-party",
        _ => "admit-emails",
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
