using System.Globalization;
using System.Text.Json.Serialization;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Organizations;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace EmailTracking.Silo.Api.Mailboxes;

/// <summary>Personal options of a user, or of a queue.</summary>
internal static class MailboxOptionEndpoints
{
    private const string Tag = "Personal options";

    public static void Map(IEndpointRouteBuilder api)
    {
        var options = api.MapGroup($"{MailboxEndpoints.One}/options");
        options.MapGet("", ListAsync)
            .Describes<ListAnswer<OptionAnswer>>("list-options", Tag, "The options, and what the organization makes of them: what is forced, by whom, when and why.")
            .NeedsForMailbox(Privilege.ReadMailboxes);
        options.MapGet("{name}", ReadAsync)
            .Describes<OptionAnswer>("read-option", Tag, "One option, with its ETag.")
            .NeedsForMailbox(Privilege.ReadMailboxes);
        options.MapPut("{name}", SetAsync)
            .Describes<OptionAnswer>("set-option", Tag, "Sets one option; with If-Match only if nobody changed it since. Teams are set by administrators.")
            .NeedsForMailbox(Privilege.ChangeMailboxes, isChange: true);
        options.MapGet("{name}/preview", PreviewAsync)
            .Describes<OptionPreview>("preview-option", Tag, "How many more emails filter 0 (all mail) would have tracked in the last 30 days.")
            .NeedsForMailbox(Privilege.ReadMailboxes);
        api.MapGet($"{MailboxEndpoints.One}/option-changes", ListChangesAsync)
            .Describes<ListAnswer<OptionChange>>("list-option-changes", Tag, "Who changed which option or folder rule, when and why, newest first.")
            .NeedsForMailbox(Privilege.ReadMailboxes);
    }

    private static async Task<IResult> ListAsync(EmailAddress address, EmailTrackingClient client, CancellationToken token) =>
        await client.ReadMailboxOptionsAsync(address, token) is { } answer
            ? ApiAnswers.List(MailboxOption.All.Select(option => OptionAnswer.Of(option, answer)))
            : MailboxEndpoints.Missing(address);

    private static async Task<IResult> ReadAsync(
        EmailAddress address, string name, EmailTrackingClient client, HttpContext context, CancellationToken token)
    {
        if (MailboxOption.Find(name) is not { } option)
        {
            return Missing();
        }

        return await client.ReadMailboxOptionsAsync(address, token) is { } answer
            ? EntityTags.Tagged(context, TagOf(option, answer.Mailbox), OptionAnswer.Of(option, answer))
            : MailboxEndpoints.Missing(address);
    }

    private static async Task<IResult> SetAsync(
        EmailAddress address, string name, ValueBody body, EmailTrackingClient client, MailboxOptionActs acts, HttpContext context, CancellationToken token)
    {
        if (MailboxOption.Find(name) is not { } option)
        {
            return Missing();
        }

        if (!MailboxOptionActs.MaySet(option, Visitor.Of(context).Reach))
        {
            return ApiAnswers.Of(MailboxOptionActs.NotTheirs);
        }

        if (body.Text is not { } value)
        {
            return ApiAnswers.Wrong($"Say what it is to be: {{\"value\": …}}. {option.Name} takes {option.Range}.");
        }

        if (await client.ReadMailboxOptionsAsync(address, token) is not { } before)
        {
            return MailboxEndpoints.Missing(address);
        }

        if (EntityTags.Refusal(context, TagOf(option, before.Mailbox)) is { } refusal)
        {
            return refusal;
        }

        var author = Visitor.Of(context).Author(body.Why) with { Seen = EntityTags.AreIn(context) ? option.Read(before.Mailbox) : null };
        var told = await acts.SetAsync(Visitor.Of(context), address, option, value, author, token);
        return told.Value is { } after ? EntityTags.Tagged(context, TagOf(option, after.Mailbox), OptionAnswer.Of(option, after))
            : (await client.ReadMailboxOptionsAsync(address, token)) is { } now && EntityTags.Refusal(context, TagOf(option, now.Mailbox)) is { } changed
            ? changed
            : ApiAnswers.Of(told.Problem!);
    }

    private static async Task<IResult> PreviewAsync(
        EmailAddress address, string name, string? value, EmailTrackingClient client, MailboxOptionActs acts, CancellationToken token)
    {
        if (MailboxOption.Find(name)?.Name != MailboxOption.Filter || value != "0")
        {
            return ApiAnswers.Wrong($"Only the choice of all mail is counted beforehand: …/options/{MailboxOption.Filter}/preview?value=0");
        }

        if (await client.ReadMailboxOptionsAsync(address, token) is not { } answer)
        {
            return MailboxEndpoints.Missing(address);
        }

        return Results.Json(new OptionPreview(await acts.CountAddedByAllAsync(answer.Mailbox, token)));
    }

    private static async Task<IResult> ListChangesAsync(EmailAddress address, int? count, EmailTrackingClient client, CancellationToken token)
    {
        if (Bounds.Read(count, 50, IOrganizationGrain.HistoryMax, out var asked) is { } wrong)
        {
            return wrong;
        }

        return ApiAnswers.List((await client.ReadMailboxChangesAsync(address, asked, token)).Select(change => new OptionChange(
            change.Name, change.Before, change.After, change.ChangedBy, change.ChangedOn, change.Why)));
    }

    internal static EntityTagHeaderValue TagOf(MailboxOption option, MailboxFacts mailbox) => EntityTags.Of(option.Name, option.Read(mailbox));

    private static IResult Missing() => ApiAnswers.Missing(
        $"There is no such option of a mailbox. Options: {string.Join(", ", MailboxOption.All.Select(option => option.Name))}.");
}

/// <summary>An option of a mailbox (Dataverse table <c>usersettings</c>).</summary>
/// <param name="Tag">For If-Match.</param>
/// <param name="Name">Its name, Dataverse's where it has one there.</param>
/// <param name="Value">What its owner chose.</param>
/// <param name="EffectiveValue">What counts.</param>
/// <param name="Forced">Who forced another value on it; null when nobody did.</param>
/// <param name="DefaultValue">What it is until somebody sets it.</param>
/// <param name="InDynamics">What it is in Dynamics 365; null when there is no such option.</param>
/// <param name="Takes">What it takes.</param>
/// <param name="Description">What it does.</param>
internal sealed record OptionAnswer(
    [property: JsonPropertyName("@odata.etag")] string Tag,
    string Name,
    string Value,
    string EffectiveValue,
    ForcedValue? Forced,
    string DefaultValue,
    string? InDynamics,
    string Takes,
    string Description)
{
    private const string SentItems = "AutoTrackSentFolderItems";

    public static OptionAnswer Of(MailboxOption option, MailboxOptionsAnswer answer)
    {
        var value = option.Read(answer.Mailbox);
        var forced = option.Name == MailboxOption.Filter ? ForcedValue.Of(answer) : null;
        var effective = forced is not null ? forced.Value
            : option.Name == SentItems && answer.Mailbox.Options.TracksSentItems is null ? (answer.Settings.TracksSentItems ? "true" : "false")
            : value;
        return new OptionAnswer(
            MailboxOptionEndpoints.TagOf(option, answer.Mailbox).ToString(),
            option.Name,
            value,
            effective,
            forced,
            option.Default,
            option.InDynamics,
            option.Range,
            option.Meaning);
    }
}

/// <summary>A value that the organization forces on its users.</summary>
/// <param name="Value">The value.</param>
/// <param name="Setting">The setting that does.</param>
/// <param name="ModifiedBy">Who set that; null when that is not known any more.</param>
/// <param name="ModifiedOn">When; UTC.</param>
/// <param name="Why">Why, in their words.</param>
public sealed record ForcedValue(string Value, string Setting, string? ModifiedBy, DateTimeOffset? ModifiedOn, string? Why)
{
    private const string Setter = "SSSForceFilteringMethodForUserMailboxes";

    /// <summary>What is forced on the filter of a mailbox; null when nothing is.</summary>
    public static ForcedValue? Of(MailboxOptionsAnswer answer) =>
        answer is not null && !answer.Mailbox.IsQueue && answer.Settings.Acceptance.ForcedUserFilter is { } filter
            ? new(
                ((int)filter).ToString(CultureInfo.InvariantCulture),
                Setter,
                answer.FilterForced?.ChangedBy,
                answer.FilterForced?.ChangedOn,
                answer.FilterForced?.Why)
            : null;
}

/// <summary>What an option would do.</summary>
/// <param name="AdditionalEmails">How many more emails would have been tracked.</param>
internal sealed record OptionPreview(long AdditionalEmails);

/// <summary>A change of an option or of a folder rule (<c>mailboxtrackingfolder</c> and the folder).</summary>
internal sealed record OptionChange(string Name, string Before, string After, string ModifiedBy, DateTimeOffset ModifiedOn, string? Why);
