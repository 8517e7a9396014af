using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Acts;
using EmailTracking.Queries;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Pages.Mail;

/// <summary>All that the page of one email shows, as its visitor may see it.</summary>
public sealed record EmailView
{
    /// <summary>The email, why it stands where it does, its copies and its parties.</summary>
    public required Explanation Explanation { get; init; }

    /// <summary>What is in it; null when nothing is kept of it.</summary>
    public EmailContent? Content { get; init; }

    /// <summary>Its conversation; null when it is in none.</summary>
    public ConversationView? Conversation { get; init; }

    /// <summary>Other emails that it is told by, by key, as far as they may be seen.</summary>
    public ImmutableDictionary<MessageKey, EmailRow> Others { get; init; } = ImmutableDictionary<MessageKey, EmailRow>.Empty;

    /// <summary>The records that the addresses of its parties may stand for, as far as they may be seen.</summary>
    public ImmutableArray<AddressCandidate> Candidates { get; init; } = [];

    /// <summary>Names of records.</summary>
    public ImmutableDictionary<RecordReference, string> Names { get; init; } = ImmutableDictionary<RecordReference, string>.Empty;

    /// <summary>What people did with it or its conversation, in order of time; empty when that is not one's own to know.</summary>
    public ImmutableArray<PastAct> History { get; init; } = [];

    /// <summary>Whether the visitor may act on mail at all.</summary>
    public Reach MayAct { get; init; }

    /// <summary>What it is called towards the cluster.</summary>
    public string Key => Explanation.Email.Key.ToString();

    /// <summary>Whether its conversation stands stopped.</summary>
    public bool IsStopped => PastActs.IsStopped(History);

    /// <summary>Whether the page shows something of an email.</summary>
    public bool Shows(EmailRow email)
    {
        ArgumentNullException.ThrowIfNull(email);
        return email.Key == Explanation.Email.Key || Others.ContainsKey(email.Key) ||
            (email.Activity is { } activity && activity.State.ConversationId == Explanation.Email.Activity?.State.ConversationId);
    }

    /// <summary>Records that it may be about: what others of the conversation are about, and who takes part.</summary>
    /// <remarks>A user or queue of ours is what no mail is about.</remarks>
    public IEnumerable<RecordReference> Near => (Conversation?.Emails.Select(email => email.Activity?.Regarding) ?? [])
        .Concat(Explanation.Parties.Select(party => party.Record))
        .OfType<RecordReference>()
        .Where(record => record.LogicalName is not (Tables.SystemUser or Tables.Queue))
        .Distinct();
}

/// <summary>What is in an email.</summary>
/// <param name="Hash">The raw mail that it was read from.</param>
/// <param name="Text">The text body; null when there is none.</param>
/// <param name="HasHtml">Whether there is an HTML body.</param>
/// <param name="Files">The files in it.</param>
public sealed record EmailContent(string Hash, string? Text, bool HasHtml, ImmutableArray<EmailFile> Files);

/// <summary>A file in an email.</summary>
/// <param name="Number">Its place; from 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="MediaType">What the sender says that it is.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsBlocked">Whether it is not handed out.</param>
public sealed record EmailFile(int Number, string Name, string MediaType, long Size, bool IsBlocked);
