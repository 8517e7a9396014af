using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Mailboxes.Sync;

/// <content>What people and the outbox ask for, while rounds go on.</content>
public sealed partial class MailboxSyncGrain
{
    private const int TestFoldersMax = 1_000;

    /// <inheritdoc/>
    public async Task<string?> ConnectAsync(MailboxConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (ConnectionCheck.ProblemOf(connection) is { } wrong)
        {
            return wrong;
        }

        var mailboxes = await directory.ReadMailboxesAsync(Organization, cancellationToken);
        if (mailboxes.FirstOrDefault(one => one.Address == Mailbox) is not { } mailbox || connection.Mailbox != Mailbox)
        {
            return $"There is no mailbox {connection.Mailbox}. Create it first: emailtracking mailbox set {connection.Mailbox} --filter 1";
        }

        if (connection.DeletesProcessed && !mailbox.IsQueue)
        {
            return $"Only a queue's mailbox is emptied, and {connection.Mailbox} is a person's. Leave out --delete-processed, or give: --delete-processed false";
        }

        var profiles = await sync.ReadProfilesAsync(Organization, cancellationToken);
        if (profiles.All(one => one.Name != connection.Profile))
        {
            return $"There is no server profile '{connection.Profile}'. Make it first: emailtracking profile set NAME --host HOST";
        }

        await sync.SaveConnectionAsync(Organization, connection, cancellationToken);
        LookAsync(CancellationToken.None).Ignore();
        return null;
    }

    /// <inheritdoc/>
    public async Task<MailboxTest> TestAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await WithSessionAsync(
                facts => facts.Connection.Approval != AccessApproval.Rejected,
                async mailbox =>
                {
                    var folders = await mailbox.Session.ListFoldersAsync(cancellationToken);
                    return new MailboxTest(
                        mailbox.Session.Abilities, [.. folders.Take(TestFoldersMax).Select(folder => folder.Name)], null, null);
                },
                cancellationToken);
        }
        catch (MailServerException problem)
        {
            return new MailboxTest(null, [], problem.Message, problem.NextStep);
        }
    }

    /// <inheritdoc/>
    public async Task<MailboxStatus?> ReadStatusAsync(CancellationToken cancellationToken) =>
        await sync.ReadConnectionAsync(Organization, Mailbox, cancellationToken) is var (connection, health, _)
            ? new MailboxStatus(connection, health, await sync.ReadFoldersAsync(Organization, Mailbox, cancellationToken))
            {
                WatchProblem = _open?.Session.WatchProblem,
            }
            : null;

    /// <inheritdoc/>
    public Task<MailboxHealth> LookAsync(CancellationToken cancellationToken)
    {
        _asked ??= new TaskCompletionSource<MailboxHealth>(TaskCreationOptions.RunContinuationsAsynchronously);
        _wait?.End();
        _timer?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return _asked.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> StampAsync(CancellationToken cancellationToken)
    {
        var read = await sync.ReadConnectionAsync(Organization, Mailbox, cancellationToken);
        if (read?.Connection is not { IsEnabled: true, Approval: AccessApproval.Approved })
        {
            return true;
        }

        // A server that fails is not asked more often because somebody tracks mail.
        return (read.Value.Health.RetryOn is not { } retry || retry <= time.GetUtcNow()) &&
            (await LookAsync(cancellationToken)).State == MailboxState.Healthy;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<SightingPlace>> RecallAsync(ImmutableArray<OutboxItem> items, CancellationToken cancellationToken) =>
        WithSessionAsync(facts => facts.IsOn, mailbox => recalls.RecallAsync(mailbox, items, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> FetchAsync(MessageId messageId, CancellationToken cancellationToken) =>
        WithSessionAsync(facts => facts.IsOn, mailbox => missing.ReadAsync(mailbox, messageId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<MailboxComparison> CompareAsync(ComparisonRequest request, CancellationToken cancellationToken) =>
        WithSessionAsync(facts => facts.IsOn, mailbox => comparer.CompareAsync(mailbox, request, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<int> CountFolderAsync(string folder, CancellationToken cancellationToken) =>
        relinker.CountAsync(Organization, Mailbox, folder, cancellationToken);

    /// <inheritdoc/>
    public Task<int> CountNewInFolderAsync(string folder, DateOnly? from, DateOnly? until, CancellationToken cancellationToken) => WithSessionAsync(
        facts => facts.Connection.Approval == AccessApproval.Approved,
        mailbox => relinker.CountNewAsync(mailbox, folder, from, until, cancellationToken),
        cancellationToken);

    /// <inheritdoc/>
    public Task<int> RelinkFolderAsync(string folder, CancellationToken cancellationToken) =>
        WithSessionAsync(facts => facts.IsOn, mailbox => relinker.RelinkAsync(mailbox, folder, cancellationToken), cancellationToken);

    // A session of its own: the one of the rounds is busy, or waits.
    private async Task<T> WithSessionAsync<T>(
        Predicate<SyncFacts> mayOpen, Func<OpenMailbox, Task<T>> work, CancellationToken cancellationToken)
    {
        var facts = await SyncFacts.ReadAsync(sync, directory, Organization, Mailbox, cancellationToken) ??
            throw new MailServerException(
                ServerProblemKind.Configuration,
                $"Mailbox {Mailbox} has no server.",
                $"Connect it: emailtracking mailbox connect {Mailbox} --profile NAME");
        if (!mayOpen(facts))
        {
            throw new MailServerException(
                ServerProblemKind.Configuration,
                $"Mailbox {Mailbox} may not be read now: it is not approved, or not enabled.",
                $"See: emailtracking mailbox status {Mailbox}");
        }

        using var slot = facts.Profile is { } profile ? await slots.ReadAsync(Organization, profile, cancellationToken) : null;
        try
        {
            await using var session = await connectors.OpenAsync(facts, cancellationToken);
            return await work(new OpenMailbox(Organization, facts, session));
        }
        catch (MailServerException problem) when (problem.InnerException is not null)
        {
            // What was thrown below is of packages that only silos have: it cannot cross the wire, and goes to the log.
            LogAskedFailed(problem, Mailbox.Value);
            throw problem.WithoutCause();
        }
    }

    [LoggerMessage(2203, LogLevel.Warning, "Mailbox {Mailbox} could not be read for a caller, who is told")]
    private partial void LogAskedFailed(Exception problem, string mailbox);
}
