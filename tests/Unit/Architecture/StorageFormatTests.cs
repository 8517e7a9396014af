using System.Globalization;
using EmailTracking.Access;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tests.Unit.Architecture;

/// <summary>Numbers that are stored or told to others: one may be added, none may change.</summary>
public sealed class StorageFormatTests
{
    [Theory]
    [InlineData(typeof(Outcome), "Tracked=1 Skipped=2 Waiting=3 Deferred=4 Failed=5 NeedsContent=6")]
    [InlineData(
        typeof(ReasonCode),
        "Unknown=-1 Duplicate=0 NoCorrelationMatch=1 CorrelationMatch=2 NoRecipientMatch=3 InternalEmailReject=4 SenderMatch=5 " +
        "AcceptAll=6 InvalidSender=7 FilterNone=100 NoSenderMatch=101 FolderRule=102 SentItemsOff=103 RecipientMatch=104 " +
        "WaitsForParent=105 TrackedByHand=106 UntrackedByHand=107 ConversationStopped=108 Erased=109 NeverTracked=110 BlockedSender=111 " +
        "BlockedByMailbox=112 InternalOnly=113 ExcludedHeader=114 ExcludedKeyword=115 RequiredHeaderMissing=116 AutoTrackingOff=117 " +
        "SharedSender=118 OutsideInbox=119 " +
        "Contended=200 NotMail=201 TooLarge=202 Poison=203 UnknownMailbox=204 ContentNeeded=205")]
    [InlineData(
        typeof(TraceCode),
        "FirstSeen=1 SameEmail=2 ReusedId=3 FilterAsked=10 SenderIs=11 AnswersUntracked=12 AcceptedBy=13 FilterForced=14 " +
        "NotAddressed=15 ArrivedByMove=16 Correlated=20 AlsoFound=21 " +
        "NotJoined=22 NamesUnseen=23 StandsAlone=24 TokenNotBelieved=25 Admitted=30 RegardingSet=40 RegardingOverruled=41 " +
        "RegardingWithheld=42 RegardingNone=43 TrackedByHand=50 LeftOut=51 LinkedLater=60 UnlinkedLater=61 SenderChosen=70 " +
        "RecipientShared=71 SenderCreated=72 RegardingProposed=73 RuleFired=80 RuleAlsoMatches=81 RuleSkipped=82 RuleCustomer=83 RuleRelated=84")]
    [InlineData(typeof(RecordActKind), "Activate=1 Deactivate=2 Merge=3 Convert=4 Delete=5")]
    [InlineData(typeof(ClaimKind), "InReplyTo=0 References=1 ThreadIndex=2 OtherCopy=3 Token=4 Relayed=5")]
    [InlineData(typeof(ActKind), "Track=1 Untrack=2 Regarding=3 Stop=4 Resume=5 Admit=6 Merge=7 Split=8 Undo=9 Erase=10 Resolve=11")]
    [InlineData(typeof(Admission), "Held=0 Starts=1 AnswersUnseen=2 Ground=3 ByHand=4 Settled=5")]
    [InlineData(
        typeof(CorrelationMethod),
        "None=0 Skipped=1 XHeader=2 InReplyTo=3 TrackingToken=4 ConversationIndex=5 SmartMatching=6 CustomCorrelation=7")]
    [InlineData(typeof(RegardingSource), "ByHandHere=0 ByHand=1 Token=2 Folder=3 Correlated=4 Rule=5 Sender=6 QueueRule=7")]
    [InlineData(
        typeof(RuleFact),
        "Subject=0 Sender=1 Recipient=2 SenderTable=3 HasAttachments=4 Importance=5 AutoSubmitted=6 Header=7")]
    [InlineData(typeof(UnknownSenders), "Refuse=0 CreateContact=1 Allow=2")]
    [InlineData(typeof(ResolvedRecords), "Keep=0 CreateNew=1")]
    [InlineData(typeof(RuleCustomer), "Sender=0 Account=1")]
    [InlineData(
        typeof(RuleSkip),
        "NoRule=0 Imported=1 AutoSubmitted=2 Held=3 LeftOut=4 UnknownSender=5 NoItem=6 OtherTable=7 Active=8 Resolved=9 " +
        "ResolvedLately=10 AnsweredBefore=11")]
    [InlineData(typeof(ParticipationType), "Sender=1 ToRecipient=2 CcRecipient=3 BccRecipient=4")]
    [InlineData(typeof(FilterMethod), "All=0 Replies=1 LeadsContactsAccounts=2 EmailEnabledRecords=3 None=4")]
    [InlineData(
        typeof(ChoiceRule), "None=0 Only=1 Owned=2 Active=3 Table=4 Earliest=5 LowestId=6 TooMany=7 LeftOpen=8 Chosen=9")]
    [InlineData(
        typeof(OwnerRule), "None=0 Correlated=1 SendersOwner=2 FirstRecipient=3 AcceptingQueue=4 AcceptingUser=5 Sender=6")]
    [InlineData(typeof(RecordCreation), "None=0 Contact=1 Lead=2")]
    [InlineData(typeof(RegardingFromSender), "Off=0 Suggest=1 Link=2")]
    [InlineData(typeof(FolderKind), "Inbox=0 SentItems=1 Filed=2")]
    [InlineData(typeof(FolderRuleState), "Active=0 Paused=1 Disabled=2")]
    [InlineData(typeof(FolderRole), "None=0 Inbox=1 Sent=2 Aside=3")]
    [InlineData(
        typeof(ServerProblemKind),
        "Connection=1 Certificate=2 SignIn=3 Configuration=4 Throttled=5 Protocol=6 FolderGone=7")]
    [InlineData(typeof(AccessApproval), "Empty=0 Approved=1 Pending=2 Rejected=3")]
    [InlineData(typeof(MailboxState), "NotRun=0 Healthy=1 Retrying=2 Stopped=3")]
    [InlineData(typeof(ItemLabel), "Absent=0 Setting=1 Present=2 Removing=3 Undeliverable=4 Removed=5 Tracking=6 Untracking=7")]
    [InlineData(typeof(EmailEventKind), "Tracked=1 Untracked=2")]
    [InlineData(typeof(Role), "Reader=1 User=2 Operator=3 Administrator=4")]
    [InlineData(
        typeof(Privilege),
        "ReadMail=1 ActOnMail=2 DeliverMail=3 ReadMailboxes=4 RunMailboxes=5 ChangeMailboxes=6 ReadDeadLetters=7 RetryDeadLetters=8 " +
        "ReadQueues=9 ReadRecords=10 ChangeRecords=11 ReadSettings=12 ChangeSettings=13 ReadRules=14 ChangeRules=15 Review=16 " +
        "ManageAccess=17 ReadAuditLog=18 WatchCluster=19")]
    [InlineData(typeof(AuditOutcome), "Begun=0 Done=1 Refused=2 Forbidden=3 Failed=4")]
    [InlineData(typeof(AlertLevel), "Information=1 Warning=2 Error=3")]
    public void The_numbers_stay(Type type, string numbers) => Assert.Equal(
        numbers,
        string.Join(' ', Enum.GetValuesAsUnderlyingType(type).Cast<int>().Order()
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"{Enum.GetName(type, number)}={number}"))));

    [Fact]
    public void Every_public_enum_of_the_core_has_a_row()
    {
        var rows = typeof(StorageFormatTests).GetMethod(nameof(The_numbers_stay))!
            .GetCustomAttributesData()
            .Where(data => data.AttributeType == typeof(InlineDataAttribute))
            .Select(data => (Type)((IEnumerable<System.Reflection.CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!).First().Value!)
            .ToHashSet();
        Assert.DoesNotContain(typeof(Outcome).Assembly.GetTypes(), type =>
            type is { IsEnum: true, IsPublic: true } &&
            type.Namespace?.StartsWith("EmailTracking.Tracking", StringComparison.Ordinal) == true &&
            !rows.Contains(type));
    }
}
