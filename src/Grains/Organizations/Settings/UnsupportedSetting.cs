using System.Collections.Immutable;

namespace EmailTracking.Organizations;

/// <summary>A setting that Dynamics 365 has and that has no effect here.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="InDynamics">Its default there, as the public pages give it.</param>
/// <param name="Reason">Why it has none here: the end of a sentence.</param>
public sealed record UnsupportedSetting(string Name, string InDynamics, string Reason)
{
    private const string Outgoing = "mail is not sent from here yet";
    private const string Smart = "smart matching, which joins conversations by guess, is off in Dynamics too and is not built";
    private const string Rules = "each queue's rule says it for itself; see: emailtracking rules";
    private const string NoRule = "record creation rules do not have it";
    private const string Exchange = "it is about Exchange's own synchronization, which is not used here";
    private const string Approval = "no mailbox is read before somebody approves it: emailtracking mailbox approve ADDRESS";
    private const string Legacy = "it is about a client program that is no longer supported";

    /// <summary>All of them, by name.</summary>
    public static ImmutableArray<UnsupportedSetting> All { get; } =
    [
        .. new UnsupportedSetting[]
        {
            new("AddParentEntityToRelatedOnNewActivityCreate", "false", NoRule),
            new("AllowEmailsFromUnknownSenders", "false", Rules),
            new("AllowPromoteDuplicates", "false", "an email is one activity, however often it is tracked"),
            new("AllowSendOnBehalf", "not documented", Outgoing),
            new("ApplyToSimilar", "true", "it is chosen with each resolution by hand, by an option of the command"),
            new("AutoResponse", "false", Outgoing),
            new("AutoRouteToOwnerQueue", "false", "owners have no queues of their own here"),
            new("BackgroundSendBatchSize", "10", Outgoing),
            new("CheckIfResolved", "false", Rules),
            new("ClientDisableTrackingForReplyForwardEmails", "0", Legacy),
            new("DeleteEmailsAfterProcessing", "false", "it is chosen for each queue's mailbox: emailtracking mailbox connect ADDRESS --delete-processed"),
            new("DisableSmartMatching", "false", Smart),
            new("DisableSmartMatchingEmailHashCreation", "false", Smart),
            new("DistinctPhysicalAndLogicalDeletesForExchangeSync", "false", Exchange),
            new("EmailCorrelationEnabled", "true", "conversations are their headers; IgnoreConversationIndexAndInReplyToForCorrelation turns these off"),
            new("EnableMailboxDelegationForOutgoingEmail", "true", Outgoing),
            new("EnableSssItemLevelMonitoring", "true or false, by page", "every copy that was seen has its decision; see: emailtracking explain"),
            new("ExchangeSyncIdMappingPersistenceTimeInDays", "3", Exchange),
            new("HashDeltaSubjectCount", "0", Smart),
            new("HashFilterKeywords", @"^[\s]*([\w]+\s?:[\s]*)+", Smart),
            new("HashMaxCount", "20", Smart),
            new("HashMinAddressCount", "2", Smart),
            new("IgnoreCopiedItemsInSSSForMailbox", "true or false, by page", "a copied mail is one more copy of one email"),
            new("IsSmartMatchingEnabled", "false", Smart),
            new("MailboxStatisticsPersistenceTimeInDays", "0", "a mailbox has its health of now and its alerts; see: emailtracking mailbox status ADDRESS"),
            new("MaxUploadFileSize", "5120", "attachments stay in the raw mail, which is kept whole up to the silo's limit"),
            new("MaximumSubjectLengthOnMailServer", "255", Outgoing),
            new("MaximumTrackingNumber", "not documented", Outgoing),
            new("MessageCounterDigits", "3", Outgoing),
            new("MsdynArcCreateContactWithRuleOwner", "0", NoRule),
            new("NotifyMailboxOwnerOfEmailServerLevelAlerts", "true or false, by page", "alerts are shown, and sent to nobody; see: emailtracking alerts"),
            new("ProcessEmailReceivedAfter", "the profile's date", "a mailbox and a profile have a start date each: --since DATE"),
            new("RequireApprovalForQueueEmail", "true", Approval),
            new("RequireApprovalForUserEmail", "true", Approval),
            new("RequireValidEntitlement", "false", NoRule),
            new("ResolvedSince", "off", Rules),
            new("RestrictIRMEmailItems", "false", Exchange),
            new("SSSSaveOutgoingEmailToExchangeSentFolder", "true", Outgoing),
            new("SendEmailSynchronously", "0", Outgoing),
            new("SendEmailWithUnresolvedRecipients", "false", Outgoing),
            new("SortEmailsByReceivedOn", "false", "lists sort by the Date header, which is what conversations go by"),
            new("TraceLogPersistenceTimeInDays", "30", "decisions are kept as long as their mail; see RetentionDays"),
            new("TrackingTokenIdBase", "0", Outgoing),
            new("TrackingTokenIdDigits", "3", Outgoing),
            new("UseXAnchorMailboxInExchangeRequestHeader", "true or false, by page", Exchange),
            new("VerboseErrorsOnPromoteToCRM", "0", Legacy),
        }.OrderBy(setting => setting.Name, StringComparer.Ordinal),
    ];

    /// <summary>The setting of a name, in any case; null when there is none.</summary>
    public static UnsupportedSetting? Find(string name) =>
        All.FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
