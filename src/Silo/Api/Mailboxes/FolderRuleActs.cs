using EmailTracking.Client;
using EmailTracking.Connectors;
using EmailTracking.Organizations;
using EmailTracking.Silo.Web;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Api.Mailboxes;

/// <summary>Changes folder rules: for the API and the pages alike.</summary>
internal sealed class FolderRuleActs(EmailTrackingClient client)
{
    /// <summary>Makes or replaces the rule of a folder.</summary>
    /// <param name="address">The mailbox.</param>
    /// <param name="folder">The folder, its path from the top.</param>
    /// <param name="standing">The rule that it has; null when it has none.</param>
    /// <param name="body">The rule that is wanted.</param>
    /// <param name="author">Who, and what they saw.</param>
    /// <param name="cancellationToken">Stops it; the rule may be set then, and mail that lies there be as it was.</param>
    public async Task<Told<SetFolderRule>> SetAsync(
        EmailAddress address, string folder, TrackingFolder? standing, FolderRuleBody body, Author author, CancellationToken cancellationToken)
    {
        if (body is { ApplyToExisting: true, RegardingObjectId: null })
        {
            return Told<SetFolderRule>.Not(Refusal.Wrong("applytoexisting gives mail a record; without regardingobjectid what it is about stays."));
        }

        var state = body.Resume == true ? FolderRuleState.Active : standing?.State ?? FolderRuleState.Active;
        var rule = new TrackingFolder(folder, body.RegardingObjectId) { From = body.From, Until = body.Until, State = state };
        if (await client.SetFolderRuleAsync(address, rule, author, body.ApplyToExisting == true, cancellationToken) is { } problem)
        {
            return Told<SetFolderRule>.Not(Refusal.Refused(problem));
        }

        var changed = body.ApplyToExisting == true ? await client.RelinkFolderAsync(address, folder, cancellationToken) : 0;
        return Told<SetFolderRule>.That(new SetFolderRule(rule, changed));
    }

    /// <summary>Removes a rule; mail that was tracked stays.</summary>
    public async Task<Told<TrackingFolder>> RemoveAsync(
        EmailAddress address, TrackingFolder rule, Author author, CancellationToken cancellationToken) =>
        await client.RemoveFolderRuleAsync(address, rule.Name, author, cancellationToken) is { } problem
            ? Told<TrackingFolder>.Not(Refusal.Refused(problem))
            : Told<TrackingFolder>.That(rule);

    /// <summary>What a rule would do to the mail that lies in a folder.</summary>
    /// <param name="address">The mailbox.</param>
    /// <param name="folder">The folder, its path from the top.</param>
    /// <param name="from">The first day of the rule; null: any.</param>
    /// <param name="until">The first day that it is not in force any more; null: none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<FolderRulePreview> PreviewAsync(
        EmailAddress address, string folder, DateOnly? from, DateOnly? until, CancellationToken cancellationToken)
    {
        var tracked = await client.CountFolderAsync(address, folder, cancellationToken);
        try
        {
            return new FolderRulePreview(tracked, await client.CountNewInFolderAsync(address, folder, from, until, cancellationToken), null);
        }
        catch (MailServerException problem)
        {
            return new FolderRulePreview(tracked, null, $"{problem.Message} {problem.NextStep}");
        }
    }
}

/// <summary>A rule that was set.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="ChangedEmails">How many emails that lay in the folder were decided again.</param>
internal sealed record SetFolderRule(TrackingFolder Rule, int ChangedEmails);
