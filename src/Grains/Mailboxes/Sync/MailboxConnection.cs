using EmailTracking.Connectors;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Whether somebody allowed a mailbox to be read (Dataverse column <c>emailrouteraccessapproval</c>). The numbers are storage format.</summary>
public enum AccessApproval
{
    /// <summary>Nobody was asked.</summary>
    Empty = 0,

    /// <summary>It may be read.</summary>
    Approved = 1,

    /// <summary>It waits for somebody who may approve it.</summary>
    Pending = 2,

    /// <summary>It must not be read.</summary>
    Rejected = 3,
}

/// <summary>How a mailbox is read.</summary>
[GenerateSerializer, Immutable, Alias("MailboxConnection")]
public sealed record MailboxConnection
{
    /// <summary>The mailbox's address; the mailbox exists.</summary>
    [Id(0)]
    public required EmailAddress Mailbox { get; init; }

    /// <summary>The name of its server profile.</summary>
    [Id(1)]
    public required string Profile { get; init; }

    /// <summary>The name to sign in with, 1 to 256 characters.</summary>
    [Id(2)]
    public required string UserName { get; init; }

    /// <summary>Where its secret is, as <see cref="MailboxLogin.Secret"/>; null when the profile's is enough.</summary>
    [Id(3)]
    public string? Secret { get; init; }

    /// <summary>Mail is read that the server received on this day or later (Dataverse column <c>processemailreceivedafter</c>).</summary>
    [Id(4)]
    public required DateOnly StartsOn { get; init; }

    /// <summary>Whether it may be read.</summary>
    [Id(5)]
    public AccessApproval Approval { get; init; }

    /// <summary>Whether it is to be read (Dataverse column <c>enabledforincomingemail</c>).</summary>
    [Id(6)]
    public bool IsEnabled { get; init; }

    /// <summary>Whether mail of a queue is deleted from the server once it is tracked: the queue's option to delete emails after processing.</summary>
    [Id(7)]
    public bool DeletesProcessed { get; init; }

    /// <summary>Who approved or rejected it last; null when nobody did.</summary>
    [Id(8)]
    public string? ApprovedBy { get; init; }
}

/// <summary>How reading a mailbox goes. The numbers are storage format.</summary>
public enum MailboxState
{
    /// <summary>It was never read.</summary>
    NotRun = 0,

    /// <summary>It is read.</summary>
    Healthy = 1,

    /// <summary>Reading failed, and is tried again by itself.</summary>
    Retrying = 2,

    /// <summary>Reading failed in a way that needs somebody to change something.</summary>
    Stopped = 3,
}

/// <summary>How reading a mailbox goes.</summary>
[GenerateSerializer, Immutable, Alias("MailboxHealth")]
public sealed record MailboxHealth
{
    /// <summary>How it goes.</summary>
    [Id(0)]
    public MailboxState State { get; init; }

    /// <summary>Since when it is so; UTC; null before it was read.</summary>
    [Id(1)]
    public DateTimeOffset? Since { get; init; }

    /// <summary>When everything there was read last; UTC; null when that never was.</summary>
    [Id(2)]
    public DateTimeOffset? LastReadOn { get; init; }

    /// <summary>What it failed of; null when it did not.</summary>
    [Id(3)]
    public ServerProblemKind? Kind { get; init; }

    /// <summary>What happened, at most 2,000 characters; null when nothing did.</summary>
    [Id(4)]
    public string? Problem { get; init; }

    /// <summary>What to do about it; null when nothing is.</summary>
    [Id(5)]
    public string? NextStep { get; init; }

    /// <summary>How often it failed in a row.</summary>
    [Id(6)]
    public int Failures { get; init; }

    /// <summary>When it is tried again; UTC; null when nothing waits.</summary>
    [Id(7)]
    public DateTimeOffset? RetryOn { get; init; }
}
