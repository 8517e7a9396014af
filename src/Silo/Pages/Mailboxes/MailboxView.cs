using System.Collections.Immutable;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Pages.Mailboxes;

/// <summary>A mailbox, as its page shows it.</summary>
/// <param name="Facts">The mailbox with its folder rules.</param>
/// <param name="Status">How it is read; null when it has no server.</param>
/// <param name="Alerts">The alerts about it that stand.</param>
/// <param name="Names">The names of the records that its rules and owner are.</param>
/// <param name="MayRun">Whether its visitor may keep it going.</param>
/// <param name="MayChange">Whether they may change its folder rules.</param>
public sealed record MailboxView(
    MailboxFacts Facts,
    MailboxStatus? Status,
    ImmutableArray<Alert> Alerts,
    ImmutableDictionary<RecordReference, string> Names,
    bool MayRun,
    bool MayChange)
{
    /// <summary>Whether it is read, or would be if reading did not fail.</summary>
    public bool IsOn => Status?.Connection is { IsEnabled: true, Approval: AccessApproval.Approved };

    /// <summary>A record by its name; as TABLE/ID when that is not known.</summary>
    public string NameOf(RecordReference record) => Names.GetValueOrDefault(record, record.ToString());

    /// <summary>The path of a mailbox's page.</summary>
    public static string PathOf(Tracking.Mail.EmailAddress mailbox) => $"mailboxes/{Uri.EscapeDataString(mailbox.Value)}";
}
