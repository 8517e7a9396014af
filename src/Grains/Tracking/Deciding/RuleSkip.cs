namespace EmailTracking.Tracking.Deciding;

/// <summary>Why a queue's rule made nothing of a mail. The names are storage format.</summary>
public enum RuleSkip
{
    /// <summary>The queue had no rule when the mail arrived.</summary>
    NoRule = 0,

    /// <summary>An import brought it.</summary>
    Imported = 1,

    /// <summary>A program wrote it, or it is a bounce.</summary>
    AutoSubmitted = 2,

    /// <summary>It is held: its sender has no ground where it answers.</summary>
    Held = 3,

    /// <summary>People keep it out.</summary>
    LeftOut = 4,

    /// <summary>Its sender is no contact and no account.</summary>
    UnknownSender = 5,

    /// <summary>The conditions of no item hold.</summary>
    NoItem = 6,

    /// <summary>A person or a folder says that it is about a record of another table.</summary>
    OtherTable = 7,

    /// <summary>It is about a record that is open.</summary>
    Active = 8,

    /// <summary>It is about a record that is resolved.</summary>
    Resolved = 9,

    /// <summary>It is about a record that was resolved too short a time ago.</summary>
    ResolvedLately = 10,

    /// <summary>A mail that answers it came first, and became such a record: it is about that.</summary>
    AnsweredBefore = 11,
}
