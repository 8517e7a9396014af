namespace EmailTracking.Mailboxes.Sync;

/// <summary>How bad it is (Dataverse column <c>traceloglevel</c>). The numbers are storage format.</summary>
public enum AlertLevel
{
    /// <summary>Somebody may want to know.</summary>
    Information = 1,

    /// <summary>It heals by itself, and has not yet.</summary>
    Warning = 2,

    /// <summary>Somebody has to do something.</summary>
    Error = 3,
}

/// <summary>Something that people should know of (Dataverse table <c>tracelog</c>); one at a time for a subject.</summary>
/// <param name="Subject">What it is about: <c>mailbox ana@contoso.com</c>, <c>folder rule …</c>; at most 400 characters.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Cause">What happened, at most 2,000 characters.</param>
/// <param name="NextStep">What to do, at most 1,000 characters.</param>
/// <param name="RaisedOn">When; UTC.</param>
/// <param name="ClearedOn">When it was over; UTC; null while it stands.</param>
[GenerateSerializer, Immutable, Alias("TrackingAlert")]
public sealed record Alert(
    [property: Id(0)] string Subject,
    [property: Id(1)] AlertLevel Level,
    [property: Id(2)] string Cause,
    [property: Id(3)] string NextStep,
    [property: Id(4)] DateTimeOffset RaisedOn,
    [property: Id(5)] DateTimeOffset? ClearedOn);
