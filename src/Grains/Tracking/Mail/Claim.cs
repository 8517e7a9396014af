namespace EmailTracking.Tracking.Mail;

/// <summary>How a mail names an id.</summary>
public enum ClaimKind
{
    /// <summary>In-Reply-To (RFC 5322 section 3.6.4).</summary>
    InReplyTo = 0,

    /// <summary>References (RFC 5322 section 3.6.4).</summary>
    References = 1,

    /// <summary>The conversation of a Thread-Index ([MS-OXOMSG] 2.2.1.3).</summary>
    ThreadIndex = 2,

    /// <summary>Only another copy of the same mail names it: gateways and lists change headers.</summary>
    OtherCopy = 3,

    /// <summary>A tracking token in the subject that was believed: it stands for the email that carried the token.</summary>
    Token = 4,

    /// <summary>
    /// Only a copy names it where a list wrote its own address into From, and the sender's own copy is known. It joins nothing; it is
    /// kept so that whoever names the id next is looked at together with this mail.
    /// </summary>
    Relayed = 5,
}

/// <summary>One id that a mail names, other than its own.</summary>
/// <param name="Key">The id's key.</param>
/// <param name="Kind">Where it stands.</param>
[GenerateSerializer, Immutable, Alias("Claim")]
public readonly record struct Claim([property: Id(0)] MessageKey Key, [property: Id(1)] ClaimKind Kind);
