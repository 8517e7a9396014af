using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Options;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>What one round came to.</summary>
/// <param name="Plan">The folders as they are now.</param>
/// <param name="IsChanged">Whether anything was new.</param>
public sealed record RoundResult(FolderPlan Plan, bool IsChanged);

/// <summary>One look at everything that is followed in a mailbox.</summary>
public sealed class SyncRound(
    IMailboxSync sync,
    IDirectory directory,
    FolderReader folders,
    ChangeDecider changes,
    FolderTroubles troubles,
    LabelActs labels,
    LabelStamps stamps,
    IOptions<SyncOptions> options,
    TimeProvider time)
{
    /// <summary>Reads what is new, has it decided, and writes the labels that differ. Safe to repeat.</summary>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="quiet">The paths of folders that need no look, as they were when they were last read.</param>
    /// <param name="cancellationToken">Ends it; what was read until then stays.</param>
    /// <exception cref="MailServerException">The server fails: what was read until then stays.</exception>
    public async Task<RoundResult> RunAsync(OpenMailbox mailbox, IReadOnlySet<string> quiet, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(quiet);
        var plan = await PlanAsync(mailbox, cancellationToken);
        mailbox = mailbox with { Facts = mailbox.Facts with { Mailbox = mailbox.Facts.Mailbox with { Folders = plan.Rules } } };
        var (begunOn, isChanged) = (time.GetUtcNow(), false);
        foreach (var folder in plan.Read.Where(folder => !IsQuiet(folder, plan, quiet)))
        {
            try
            {
                isChanged |= await folders.ReadAsync(mailbox, plan, folder, cancellationToken);
                if (folder.Known.ClosedOn is not null)
                {
                    await troubles.OpenedAsync(mailbox, folder.Known, cancellationToken);
                }
            }
            catch (MailServerException problem) when (problem.Kind == ServerProblemKind.FolderGone && folder.Kind != FolderKind.Inbox)
            {
                isChanged |= await troubles.ClosedAsync(mailbox, folder, cancellationToken);
            }
        }

        isChanged |= await labels.TryAgainAsync(mailbox, plan, begunOn, cancellationToken);
        isChanged |= await stamps.WriteAsync(mailbox, plan, cancellationToken);
        await sync.ForgetGoneAsync(
            mailbox.Organization, mailbox.Address, time.GetUtcNow() - options.Value.MoveGrace, cancellationToken);
        return new RoundResult(plan, isChanged);
    }

    // A folder that is not the one it was, or was not read, or is in trouble is looked at whatever was told of its path.
    private static bool IsQuiet(PlannedFolder folder, FolderPlan plan, IReadOnlySet<string> quiet) =>
        quiet.Contains(folder.Server.Path) && folder.Known is { Mark: not null, ClosedOn: null } &&
        plan.Changed.All(changed => changed.Number != folder.Known.Number);

    private async Task<FolderPlan> PlanAsync(OpenMailbox mailbox, CancellationToken cancellationToken)
    {
        var (organization, address, rules) = (mailbox.Organization, mailbox.Address, mailbox.Facts.Mailbox.Folders);
        var shown = await mailbox.Session.ListFoldersAsync(cancellationToken);
        var known = await sync.ReadFoldersAsync(organization, address, cancellationToken);
        var plan = FolderPlan.Of(shown, known, rules, mailbox.Facts.ReadsSent, time.GetUtcNow());

        // What lay in a folder that is gone is gone first: should this end in between, the folder is found gone again.
        foreach (var gone in plan.Changed.Where(folder => folder.GoneOn is not null && folder.Mark is not null))
        {
            await changes.LeaveAsync(mailbox, known.First(one => one.Number == gone.Number), gone.Mark!.Validity, cancellationToken);
        }

        // Before the folders: a rule in force whose folder is known to be gone is one that somebody gave to the folder of that name.
        if (!plan.Rules.SequenceEqual(rules))
        {
            await SaveRulesAsync(mailbox, rules, plan.Rules, cancellationToken);
        }

        if (!plan.Changed.IsEmpty)
        {
            await sync.SaveProgressAsync(
                organization, address, [.. plan.Changed.Select(folder => new FolderProgress(folder, []))], cancellationToken);
        }

        foreach (var left in known.Where(folder =>
            (folder.ClosedOn ?? folder.LabelsRefusedOn) is not null && plan.Read.All(one => one.Known.Number != folder.Number)))
        {
            await troubles.LeftAsync(mailbox, left, cancellationToken);
        }

        return plan;
    }

    private async Task SaveRulesAsync(
        OpenMailbox mailbox, ImmutableArray<TrackingFolder> before, ImmutableArray<TrackingFolder> after, CancellationToken cancellationToken)
    {
        // First what people are told, so that it is told again should this end in between.
        var changed = before.Zip(after).Where(pair => pair.First.State != pair.Second.State).ToList();
        foreach (var (rule, now) in changed)
        {
            await sync.ClearAsync(
                mailbox.Organization, FolderAlerts.SubjectOf(mailbox.Address, rule.Name), time.GetUtcNow(), cancellationToken);
            if (FolderAlerts.Of(mailbox.Address, rule, now, time.GetUtcNow()) is { } alert)
            {
                await sync.RaiseAsync(mailbox.Organization, alert, cancellationToken);
            }
        }

        // Only states are ours to change, of rules as they stand now: people may have changed others since they were read.
        var states = changed.ToDictionary(pair => pair.First.Name, pair => (Before: pair.First.State, Now: pair.Second.State));
        var standing = await sync.ReadConnectionAsync(mailbox.Organization, mailbox.Address, cancellationToken);
        if (states.Count > 0 && standing?.Mailbox.Folders is { } rules)
        {
            var now = rules.Select(rule =>
                states.TryGetValue(rule.Name, out var state) && rule.State == state.Before ? rule with { State = state.Now } : rule).ToImmutableArray();
            await directory.SaveFolderRulesAsync(
                mailbox.Organization,
                mailbox.Address,
                now,
                [
                    .. rules.Zip(now).Where(pair => pair.First != pair.Second)
                        .Select(pair => FolderRuleText.Change(pair.First, pair.Second, null, time.GetUtcNow())),
                ],
                cancellationToken);
        }
    }
}
