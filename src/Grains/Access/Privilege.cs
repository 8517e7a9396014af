namespace EmailTracking.Access;

/// <summary>A thing that may be allowed at the door (as Dataverse's table <c>privilege</c>). The numbers are storage format.</summary>
public enum Privilege
{
    /// <summary>Read mail and its conversations.</summary>
    ReadMail = 1,

    /// <summary>Track, untrack, stop, set regarding, and what else people do to mail by hand.</summary>
    ActOnMail = 2,

    /// <summary>Deliver raw mail to a mailbox.</summary>
    DeliverMail = 3,

    /// <summary>See mailboxes: health, options, folder rules and alerts.</summary>
    ReadMailboxes = 4,

    /// <summary>Keep mailboxes going: test, enable, look now, back-fill, audit.</summary>
    RunMailboxes = 5,

    /// <summary>Set the personal options and the folder rules of mailboxes.</summary>
    ChangeMailboxes = 6,

    /// <summary>See dead letters: where they lie and what failed, no mail.</summary>
    ReadDeadLetters = 7,

    /// <summary>Have dead letters decided again.</summary>
    RetryDeadLetters = 8,

    /// <summary>See which mail is in a queue.</summary>
    ReadQueues = 9,

    /// <summary>See records.</summary>
    ReadRecords = 10,

    /// <summary>Load records and change what became of them.</summary>
    ChangeRecords = 11,

    /// <summary>See the settings and who changed them.</summary>
    ReadSettings = 12,

    /// <summary>Change the settings.</summary>
    ChangeSettings = 13,

    /// <summary>See the creation rules of queues.</summary>
    ReadRules = 14,

    /// <summary>Change the creation rules of queues.</summary>
    ChangeRules = 15,

    /// <summary>See what is listed for review.</summary>
    Review = 16,

    /// <summary>Make and revoke keys, and say who is what.</summary>
    ManageAccess = 17,

    /// <summary>Read who changed what.</summary>
    ReadAuditLog = 18,

    /// <summary>Watch the cluster: its silos, grains and reminders, by the Orleans dashboard.</summary>
    WatchCluster = 19,
}
