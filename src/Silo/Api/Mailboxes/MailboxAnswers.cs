using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Api.Mailboxes;

/// <summary>A mailbox (Dataverse table <c>mailbox</c>). Where its secret is, is not told.</summary>
/// <param name="EmailAddress">Its address.</param>
/// <param name="IsQueue">Whether it is a queue's.</param>
/// <param name="OwnerId">The user, team or queue whose mailbox it is; null when nobody's.</param>
/// <param name="IncomingEmailFilteringMethod">Which of its mail is tracked: 0 all, 1 replies, 2 leads, contacts and accounts, 3 any record, 4 none.</param>
/// <param name="EmailServerProfile">The name of its server profile; null: it has no server.</param>
/// <param name="UserName">The name that signs in there.</param>
/// <param name="ProcessEmailReceivedAfter">Mail is read that the server received on this day or later.</param>
/// <param name="EmailRouterAccessApproval">0 empty, 1 approved, 2 pending, 3 rejected.</param>
/// <param name="ApprovedBy">Who approved or rejected it.</param>
/// <param name="EnabledForIncomingEmail">Whether it is to be read.</param>
/// <param name="Health">How reading it goes; null when it has no server.</param>
internal sealed record MailboxAnswer(
    string EmailAddress,
    bool IsQueue,
    RecordReference? OwnerId,
    FilterMethod IncomingEmailFilteringMethod,
    string? EmailServerProfile,
    string? UserName,
    DateOnly? ProcessEmailReceivedAfter,
    AccessApproval? EmailRouterAccessApproval,
    string? ApprovedBy,
    bool EnabledForIncomingEmail,
    HealthAnswer? Health)
{
    public static MailboxAnswer Of(MailboxFacts mailbox, MailboxStatus? status) => new(
        mailbox.Address.Value,
        mailbox.IsQueue,
        mailbox.Owner,
        mailbox.Filter,
        status?.Connection.Profile,
        status?.Connection.UserName,
        status?.Connection.StartsOn,
        status?.Connection.Approval,
        status?.Connection.ApprovedBy,
        status?.Connection.IsEnabled ?? false,
        status is null ? null : HealthAnswer.Of(status.Health));
}

/// <summary>How reading a mailbox goes.</summary>
/// <param name="State">notrun, healthy, retrying or stopped.</param>
/// <param name="Since">Since when it is so; UTC.</param>
/// <param name="LastReadOn">When everything there was read last; UTC.</param>
/// <param name="Kind">What it failed of: connection, certificate, signin, configuration, throttled, protocol or foldergone.</param>
/// <param name="Problem">What happened.</param>
/// <param name="NextStep">What to do about it.</param>
/// <param name="Failures">How often it failed in a row.</param>
/// <param name="RetryOn">When it is tried again by itself; UTC.</param>
internal sealed record HealthAnswer(
    string State, DateTimeOffset? Since, DateTimeOffset? LastReadOn, string? Kind, string? Problem, string? NextStep, int Failures, DateTimeOffset? RetryOn)
{
    public static HealthAnswer Of(MailboxHealth health) => new(
        AccessCheck.Word(health.State),
        health.Since,
        health.LastReadOn,
        health.Kind is { } kind ? AccessCheck.Word(kind) : null,
        health.Problem,
        health.NextStep,
        health.Failures,
        health.RetryOn);
}

/// <summary>One mailbox with its folders.</summary>
/// <param name="Mailbox">The mailbox.</param>
/// <param name="Folders">Its folders as they were last seen; none when it has no server.</param>
/// <param name="FolderRules">The folders whose mail is tracked.</param>
/// <param name="WatchProblem">Why changes in some folders are looked for, though the server says that it tells of them.</param>
internal sealed record MailboxDetails(
    MailboxAnswer Mailbox, ImmutableArray<FolderAnswer> Folders, ImmutableArray<FolderRuleAnswer> FolderRules, string? WatchProblem)
{
    public static MailboxDetails Of(MailboxFacts mailbox, MailboxStatus? status) => new(
        MailboxAnswer.Of(mailbox, status),
        [.. (status?.Folders ?? []).Select(FolderAnswer.Of)],
        [.. mailbox.Folders.Select(FolderRuleAnswer.Of)],
        status?.WatchProblem);
}

/// <summary>A folder of a mailbox as it was last seen.</summary>
/// <param name="Name">Its path from the top: Inbox/Projects.</param>
/// <param name="Role">none, inbox, sent or aside; what lies aside is never read.</param>
/// <param name="IsFollowed">Whether it is read.</param>
/// <param name="GoneOn">Since when the server does not show it; UTC.</param>
/// <param name="ClosedOn">Since when the server cannot open it; UTC.</param>
/// <param name="LabelsRefusedOn">Since when the server refuses labels in it; UTC.</param>
internal sealed record FolderAnswer(
    string Name, string Role, bool IsFollowed, DateTimeOffset? GoneOn, DateTimeOffset? ClosedOn, DateTimeOffset? LabelsRefusedOn)
{
    public static FolderAnswer Of(FollowedFolder folder) =>
        new(folder.Name, AccessCheck.Word(folder.Role), folder.Mark is not null, folder.GoneOn, folder.ClosedOn, folder.LabelsRefusedOn);
}

/// <summary>What opening a mailbox came to.</summary>
/// <param name="IsOpened">Whether it could be opened.</param>
/// <param name="Problem">Why it could not.</param>
/// <param name="NextStep">What to do about that.</param>
/// <param name="Folders">The names of its folders, at most 1,000.</param>
/// <param name="Pushes">Whether the server tells of new mail in the Inbox by itself.</param>
/// <param name="PushesFolders">Whether it tells of changes in all followed folders.</param>
/// <param name="KeepsLabels">Whether people can track by a label.</param>
/// <param name="HasFolderIds">Whether a rule goes along when a folder gets a new name.</param>
/// <param name="EnabledForIncomingEmail">Whether the mailbox is to be read now.</param>
/// <param name="EmailRouterAccessApproval">0 empty, 1 approved, 2 pending, 3 rejected: only what is approved is read.</param>
internal sealed record MailboxTestAnswer(
    bool IsOpened,
    string? Problem,
    string? NextStep,
    ImmutableArray<string> Folders,
    bool Pushes,
    bool PushesFolders,
    bool KeepsLabels,
    bool HasFolderIds,
    bool EnabledForIncomingEmail,
    AccessApproval EmailRouterAccessApproval)
{
    public static MailboxTestAnswer Of(MailboxTest test, MailboxConnection connection) => new(
        test.Abilities is not null,
        test.Problem,
        test.NextStep,
        test.Folders,
        test.Abilities?.Pushes ?? false,
        test.Abilities?.PushesFolders ?? false,
        test.Abilities?.KeepsLabels ?? false,
        test.Abilities?.HasFolderIds ?? false,
        connection.IsEnabled,
        connection.Approval);
}
