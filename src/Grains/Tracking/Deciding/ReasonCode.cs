namespace EmailTracking.Tracking.Deciding;

/// <summary>Why a sighting was accepted or left out.</summary>
/// <remarks>
/// -1 to 7 are Dataverse's (CheckIncomingEmailResponse.ReasonCode); ours start at 100. The numbers are storage and API format.
/// </remarks>
public enum ReasonCode
{
    /// <summary>Not decided yet.</summary>
    Unknown = -1,

    /// <summary>The same sighting again.</summary>
    Duplicate = 0,

    /// <summary>Only answers to tracked mail are wanted, and this answers none.</summary>
    NoCorrelationMatch = 1,

    /// <summary>It answers tracked mail.</summary>
    CorrelationMatch = 2,

    /// <summary>No recipient is a user or queue.</summary>
    NoRecipientMatch = 3,

    /// <summary>Internal mail whose other copy is tracked already.</summary>
    InternalEmailReject = 4,

    /// <summary>The sender is a record of a wanted kind.</summary>
    SenderMatch = 5,

    /// <summary>The mailbox takes all mail.</summary>
    AcceptAll = 6,

    /// <summary>The sender is no address.</summary>
    InvalidSender = 7,

    /// <summary>The mailbox takes no mail by itself.</summary>
    FilterNone = 100,

    /// <summary>The sender is no record of a wanted kind.</summary>
    NoSenderMatch = 101,

    /// <summary>It lies in a tracked folder.</summary>
    FolderRule = 102,

    /// <summary>Sent mail is not tracked here.</summary>
    SentItemsOff = 103,

    /// <summary>A recipient is a record of a wanted kind (sent mail).</summary>
    RecipientMatch = 104,

    /// <summary>What it answers is not tracked yet; decided again when that is.</summary>
    WaitsForParent = 105,

    /// <summary>A person tracked it, and its mailbox would not have.</summary>
    TrackedByHand = 106,

    /// <summary>A person took it out.</summary>
    UntrackedByHand = 107,

    /// <summary>A person stopped its conversation before it was received.</summary>
    ConversationStopped = 108,

    /// <summary>It was erased: only digests of it are kept, for ever.</summary>
    Erased = 109,

    /// <summary>Somebody takes part whose mail nothing tracks.</summary>
    NeverTracked = 110,

    /// <summary>The organization's list blocks the other side.</summary>
    BlockedSender = 111,

    /// <summary>The mailbox's own list blocks the other side.</summary>
    BlockedByMailbox = 112,

    /// <summary>Only our own users and queues take part, and such mail is left out.</summary>
    InternalOnly = 113,

    /// <summary>A header marks it as mail to be left out.</summary>
    ExcludedHeader = 114,

    /// <summary>Its subject has a word of mail to be left out.</summary>
    ExcludedKeyword = 115,

    /// <summary>It lacks the header that mail needs to be tracked.</summary>
    RequiredHeaderMissing = 116,

    /// <summary>No filter tracks anything in this organization.</summary>
    AutoTrackingOff = 117,

    /// <summary>Several records have the sender's address, and such a sender counts as none.</summary>
    SharedSender = 118,

    /// <summary>It lies in a folder that is not tracked: filters look at the Inbox only.</summary>
    OutsideInbox = 119,

    /// <summary>Others won every commit; decided again later.</summary>
    Contended = 200,

    /// <summary>The file or message is not mail.</summary>
    NotMail = 201,

    /// <summary>The message is larger than the limit.</summary>
    TooLarge = 202,

    /// <summary>The store refused it; it is kept as a dead letter.</summary>
    Poison = 203,

    /// <summary>There is no such mailbox.</summary>
    UnknownMailbox = 204,

    /// <summary>Only its headers were read, and what follows needs the whole mail.</summary>
    ContentNeeded = 205,
}
