using EmailTracking.Acts;
using EmailTracking.Connectors;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EmailTracking.Mailboxes.Sync;

/// <summary>Does what people mean who set or remove a label, in the name of the mailbox; what cannot be done is tried again in later rounds.</summary>
public sealed partial class LabelActs(
    IGrainFactory grains, IMailboxSync sync, IOptions<SyncOptions> options, TimeProvider time, ILogger<LabelActs> log)
{
    private const int DueMax = 1_000;
    private const int ProblemMax = 1_500;

    /// <summary>Tracks or untracks an email, once for each time that its label is set or removed. Safe to repeat.</summary>
    /// <returns>
    /// What is known of the message then. What failed <see cref="SyncOptions.LabelTriesMax"/> times is told and not tried any more: mail
    /// that cannot be tracked gets <see cref="Labels.Undeliverable"/> instead of the label, and to set the label again tries again; mail
    /// that cannot be untracked gets the label back.
    /// </returns>
    public async Task<KnownItem> DoAsync(
        OpenMailbox mailbox, PlannedFolder folder, KnownItem item, MessageKey email, ActKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(item);
        if (item.HasGivenUp)
        {
            // Somebody means it again.
            await RemoveUndeliverableAsync(mailbox, folder, item, cancellationToken);
            item = await DoneAsync(mailbox, item, cancellationToken);
        }

        var (sequence, tries) = item.TryOn is null ? (item.Acts + 1, 1) : (item.Acts, item.Tries + 1);
        var problem = await TryAsync(mailbox, item, email, kind, sequence, cancellationToken);
        item = item with { Acts = sequence, Tries = tries, TryOn = null };
        if (problem is null)
        {
            return item with { Label = kind == ActKind.Track ? ItemLabel.Present : ItemLabel.Removed, Tries = 0 };
        }

        return tries >= options.Value.LabelTriesMax
            ? await GiveUpAsync(mailbox, folder, item, kind, problem, cancellationToken)
            : item with
            {
                Label = kind == ActKind.Track ? ItemLabel.Tracking : ItemLabel.Untracking,
                TryOn = time.GetUtcNow() + (options.Value.LabelRetryMin * Math.Pow(2, tries - 1)),
            };
    }

    /// <summary>Tries again what was due when the round began, and writes down how that went.</summary>
    /// <returns>Whether anything was due.</returns>
    public async Task<bool> TryAgainAsync(
        OpenMailbox mailbox, FolderPlan plan, DateTimeOffset begunOn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(plan);
        if (!mailbox.HasLabels)
        {
            return false;
        }

        var folders = plan.Read.ToDictionary(folder => folder.Known.Number);
        var due = await sync.ReadLabelRetriesAsync(
            mailbox.Organization, mailbox.Address, [.. folders.Keys], begunOn, DueMax, cancellationToken);
        foreach (var (item, email) in due.Select(one => (one.Item, one.Email)))
        {
            var kind = item.Label == ItemLabel.Untracking ? ActKind.Untrack : ActKind.Track;
            var tried = email is { } key
                ? await DoAsync(mailbox, folders[item.Folder], item, key, kind, cancellationToken)
                : item with { Tries = 0, TryOn = null };
            await SaveAsync(mailbox, tried, cancellationToken);
        }

        return !due.IsEmpty;
    }

    /// <summary>What a message's label stood for is settled otherwise: nothing is tried, and nobody needs to be told.</summary>
    public async Task<KnownItem> DoneAsync(OpenMailbox mailbox, KnownItem item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(item);
        if (item.HasGivenUp)
        {
            await sync.ClearAsync(mailbox.Organization, SubjectOf(mailbox, item), time.GetUtcNow(), cancellationToken);
        }

        return item with { Tries = 0, TryOn = null };
    }

    private async Task<string?> TryAsync(
        OpenMailbox mailbox, KnownItem item, MessageKey email, ActKind kind, int sequence, CancellationToken cancellationToken)
    {
        var call = new ActCall
        {
            Id = NamedId.OfLabel(mailbox.Organization, mailbox.Address, item.Name, kind, sequence),
            Kind = kind,
            By = mailbox.Address.Value,
            Names = [email.ToString()],
        };
        try
        {
            var answer = await grains.GetGrain<IActGrain>(GrainKeys.Organization(mailbox.Organization)).ActAsync(call, cancellationToken);
            return answer.Problem;
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            // One message must not stop those behind it. Should it be everybody's trouble, it cannot be written down either.
            LogFailed(problem, item.Name, mailbox.Address.Value);
            return problem.Message;
        }
    }

    // People are told first, and it is written down before the label is: should this end in between, nothing is done twice.
    private async Task<KnownItem> GiveUpAsync(
        OpenMailbox mailbox, PlannedFolder folder, KnownItem item, ActKind kind, string problem, CancellationToken cancellationToken)
    {
        var isTrack = kind == ActKind.Track;
        if (item.GoneOn is not null)
        {
            // There is no label to write and nobody who could set it again: where its email lies now, the label there tells.
            return item with { Label = isTrack ? ItemLabel.Undeliverable : ItemLabel.Present, Tries = 0 };
        }

        var cause = $"A message of folder {folder.Known.Name} cannot be {(isTrack ? "tracked" : "untracked")} by its label: {problem}";
        await sync.RaiseAsync(
            mailbox.Organization,
            new Alert(
                SubjectOf(mailbox, item),
                AlertLevel.Warning,
                cause.Length <= ProblemMax ? cause : cause[..ProblemMax],
                isTrack ? $"Mend that, then set {Labels.Tracked} again." : $"Mend that, then remove {Labels.Tracked} again.",
                time.GetUtcNow(),
                null),
            cancellationToken);
        item = item with { Label = isTrack ? ItemLabel.Undeliverable : ItemLabel.Present };
        await SaveAsync(mailbox, item, cancellationToken);
        await WriteAsync(
            mailbox, folder, item, [isTrack ? Labels.Undeliverable : Labels.Tracked], isTrack ? [Labels.Tracked] : [], cancellationToken);
        return item;
    }

    private static Task RemoveUndeliverableAsync(
        OpenMailbox mailbox, PlannedFolder folder, KnownItem item, CancellationToken cancellationToken) =>
        item.Label == ItemLabel.Undeliverable
            ? WriteAsync(mailbox, folder, item, [], [Labels.Undeliverable], cancellationToken)
            : Task.CompletedTask;

    private static async Task WriteAsync(
        OpenMailbox mailbox, PlannedFolder folder, KnownItem item, string[] set, string[] remove, CancellationToken cancellationToken)
    {
        try
        {
            await mailbox.Session.LabelAsync(folder.Server, [item.Id], set, remove, cancellationToken);
        }
        catch (MailServerException refused) when (!refused.IsTransient)
        {
            // The folder takes no label: the alert has to do.
        }
    }

    private Task SaveAsync(OpenMailbox mailbox, KnownItem item, CancellationToken cancellationToken) => sync.SaveProgressAsync(
        mailbox.Organization, mailbox.Address, [new FolderProgress(null, [item])], cancellationToken);

    private static string SubjectOf(OpenMailbox mailbox, KnownItem item) => $"label of {item.Name} in mailbox {mailbox.Address}";

    [LoggerMessage(2204, LogLevel.Warning, "What the label of message {Item} of mailbox {Mailbox} stands for failed; it is tried again")]
    private partial void LogFailed(Exception problem, string item, string mailbox);
}
