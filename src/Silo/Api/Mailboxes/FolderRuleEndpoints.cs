using System.Globalization;
using System.Text.Json.Serialization;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Organizations;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace EmailTracking.Silo.Api.Mailboxes;

/// <summary>Folders whose mail is tracked, whatever the mailbox's filter says.</summary>
internal static class FolderRuleEndpoints
{
    private const string Tag = "Folder rules";
    private const string Rules = "folder-rules";
    private const string Previews = "folder-rule-previews";

    public static void Map(IEndpointRouteBuilder api)
    {
        var mailbox = api.MapGroup(MailboxEndpoints.One);
        mailbox.MapGet(Rules, ListAsync)
            .Describes<ListAnswer<FolderRuleAnswer>>("list-folder-rules", Tag, "The folder rules of a mailbox.")
            .NeedsForMailbox(Privilege.ReadMailboxes);
        mailbox.MapGet($"{Rules}/{{**folder}}", ReadAsync)
            .Describes<FolderRuleAnswer>("read-folder-rule", Tag, "The rule of one folder, with its ETag.")
            .NeedsForMailbox(Privilege.ReadMailboxes);
        mailbox.MapPut($"{Rules}/{{**folder}}", SetAsync)
            .Describes<FolderRuleSet>("set-folder-rule", Tag, "Makes or replaces the rule of a folder below the Inbox. With If-Match only if nobody changed it since, with If-None-Match: * only if there is none.")
            .NeedsForMailbox(Privilege.ChangeMailboxes, isChange: true)
            .DisableRequestTimeout();
        mailbox.MapDelete($"{Rules}/{{**folder}}", RemoveAsync)
            .Describes("remove-folder-rule", Tag, "Removes the rule of a folder; mail that was tracked stays.")
            .NeedsForMailbox(Privilege.ChangeMailboxes, isChange: true);
        mailbox.MapGet($"{Previews}/{{**folder}}", PreviewAsync)
            .Describes<FolderRulePreview>("preview-folder-rule", Tag, "How many tracked emails lie in a folder: those that a rule with applytoexisting gives its record; and how many others a rule would bring in.")
            .NeedsForMailbox(Privilege.ReadMailboxes)
            .DisableRequestTimeout();
    }

    private static async Task<IResult> ListAsync(EmailAddress address, EmailTrackingClient client, CancellationToken token) =>
        await MailboxEndpoints.FindAsync(client, address, token) is { } mailbox
            ? ApiAnswers.List(mailbox.Folders.Select(FolderRuleAnswer.Of))
            : MailboxEndpoints.Missing(address);

    private static async Task<IResult> ReadAsync(EmailAddress address, EmailTrackingClient client, HttpContext context, CancellationToken token)
    {
        if (await MailboxEndpoints.FindAsync(client, address, token) is not { } mailbox)
        {
            return MailboxEndpoints.Missing(address);
        }

        return Find(mailbox, Folder(context, Rules)) is { } rule ? Tagged(context, rule, FolderRuleAnswer.Of(rule)) : Missing(address);
    }

    private static async Task<IResult> SetAsync(
        EmailAddress address, FolderRuleBody body, EmailTrackingClient client, FolderRuleActs rules, HttpContext context, CancellationToken token)
    {
        if (await MailboxEndpoints.FindAsync(client, address, token) is not { } mailbox)
        {
            return MailboxEndpoints.Missing(address);
        }

        var folder = Folder(context, Rules);
        var standing = Find(mailbox, folder);
        if (EntityTags.Refusal(context, standing is null ? null : TagOf(standing)) is { } refusal)
        {
            return refusal;
        }

        var told = await rules.SetAsync(address, folder, standing, body, Author(context, standing), token);
        return told.Value is { } set ? Tagged(context, set.Rule, new FolderRuleSet(FolderRuleAnswer.Of(set.Rule), set.ChangedEmails)) : ApiAnswers.Of(told.Problem!);
    }

    private static async Task<IResult> RemoveAsync(
        EmailAddress address, EmailTrackingClient client, FolderRuleActs rules, HttpContext context, CancellationToken token)
    {
        if (await MailboxEndpoints.FindAsync(client, address, token) is not { } mailbox)
        {
            return MailboxEndpoints.Missing(address);
        }

        if (Find(mailbox, Folder(context, Rules)) is not { } rule)
        {
            return Missing(address);
        }

        if (EntityTags.Refusal(context, TagOf(rule)) is { } refusal)
        {
            return refusal;
        }

        return (await rules.RemoveAsync(address, rule, Author(context, rule), token)).Problem is { } problem ? ApiAnswers.Of(problem) : Results.NoContent();
    }

    private static Author Author(HttpContext context, TrackingFolder? seen) =>
        Visitor.Of(context).Author(null) with { Seen = EntityTags.AreIn(context) ? FolderRuleText.Of(seen) : null };

    private static async Task<IResult> PreviewAsync(
        EmailAddress address, DateOnly? from, DateOnly? until, EmailTrackingClient client, FolderRuleActs rules, HttpContext context, CancellationToken token) =>
        await MailboxEndpoints.FindAsync(client, address, token) is null
            ? MailboxEndpoints.Missing(address)
            : Results.Json(await rules.PreviewAsync(address, Folder(context, Previews), from, until, token));

    private static TrackingFolder? Find(MailboxFacts mailbox, string folder) => mailbox.Folders.FirstOrDefault(rule => rule.Name == folder);

    private static IResult Tagged<T>(HttpContext context, TrackingFolder rule, T value) => EntityTags.Tagged(context, TagOf(rule), value);

    // A route leaves %2F in a value as it is, since there it cannot be told from a slash: the name is read from what was sent.
    private static string Folder(HttpContext context, string collection)
    {
        var sent = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2)[0];
        var start = sent.IndexOf($"/{collection}/", StringComparison.OrdinalIgnoreCase);
        return start < 0 ? "" : Uri.UnescapeDataString(sent[(start + collection.Length + 2)..]);
    }

    /// <summary>The tag of a rule.</summary>
    internal static EntityTagHeaderValue TagOf(TrackingFolder rule) =>
        EntityTags.Of(rule.Name, rule.Regarding?.ToString(), Day(rule.From), Day(rule.Until), AccessCheck.Word(rule.State));

    private static string? Day(DateOnly? day) => day?.ToString("O", CultureInfo.InvariantCulture);

    private static IResult Missing(EmailAddress address) =>
        ApiAnswers.Missing($"The folder has no rule. GET {ApiPart.Root}/mailboxes/{address}/{Rules} lists those that there are.");
}

/// <summary>A rule that is wanted; what is not given is not in it.</summary>
/// <param name="RegardingObjectId">What the folder's mail is about.</param>
/// <param name="From">The first day (UTC) on which mail was received that it is for.</param>
/// <param name="Until">The first day (UTC) that it is not in force any more.</param>
/// <param name="Resume">The folder that has the name now is the one that is meant: a rule that is paused goes on.</param>
/// <param name="ApplyToExisting">Tracked mail that lies in the folder already is about the record as well.</param>
internal sealed record FolderRuleBody(RecordReference? RegardingObjectId, DateOnly? From, DateOnly? Until, bool? Resume, bool? ApplyToExisting);

/// <summary>A folder whose mail is tracked (Dataverse table <c>mailboxtrackingfolder</c>).</summary>
/// <param name="Tag">For If-Match.</param>
/// <param name="FolderName">The folder, its path from the top.</param>
/// <param name="RegardingObjectId">What its mail is about; null: nothing by itself.</param>
/// <param name="From">The first day (UTC) on which mail was received that it is for.</param>
/// <param name="Until">The first day (UTC) that it is not in force any more.</param>
/// <param name="State">active; paused: somebody has to say which folder is meant; disabled: there is no such folder below the Inbox.</param>
internal sealed record FolderRuleAnswer(
    [property: JsonPropertyName("@odata.etag")] string Tag,
    string FolderName,
    RecordReference? RegardingObjectId,
    DateOnly? From,
    DateOnly? Until,
    string State)
{
    public static FolderRuleAnswer Of(TrackingFolder rule) => new(
        FolderRuleEndpoints.TagOf(rule).ToString(), rule.Name, rule.Regarding, rule.From, rule.Until, AccessCheck.Word(rule.State));
}

/// <summary>A rule that was set.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="ChangedEmails">How many emails that lay in the folder were decided again.</param>
internal sealed record FolderRuleSet(FolderRuleAnswer Rule, int ChangedEmails);

/// <summary>What a rule would touch.</summary>
/// <param name="TrackedEmails">How many tracked emails lie in the folder.</param>
/// <param name="NewEmails">How many other emails lie there that the rule would have decided; null when that cannot be told.</param>
/// <param name="Problem">Then: why it cannot, and what to do.</param>
internal sealed record FolderRulePreview(int TrackedEmails, int? NewEmails, string? Problem);
