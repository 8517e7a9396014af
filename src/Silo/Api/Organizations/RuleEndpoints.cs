using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Client.Commands;
using EmailTracking.Client.RecordFiles;
using EmailTracking.Organizations;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace EmailTracking.Silo.Api.Organizations;

/// <summary>Creation rules of queues: which records mail becomes.</summary>
internal static class RuleEndpoints
{
    private const string Tag = "Creation rules";
    private const int CountStandard = 50;

    public static void Map(IEndpointRouteBuilder api)
    {
        var rules = api.MapGroup("creation-rules");
        rules.MapGet("", ListAsync)
            .Describes<ListAnswer<RuleVersionAnswer>>("list-creation-rules", Tag, "The queues that have a rule, with it, by address.")
            .Needs(Privilege.ReadRules);
        rules.MapGet("{queue}", ReadAsync)
            .Describes<RuleVersionAnswer>("read-creation-rule", Tag, "The rule of a queue; its ETag is its version.")
            .Needs(Privilege.ReadRules);
        rules.MapPut("{queue}", SetAsync)
            .Describes<RuleVersionAnswer>("set-creation-rule", Tag, "Sets the rule of a queue, in place of the one it had; in force for mail that is first seen after it. If-Match and If-None-Match are obeyed.")
            .Needs(Privilege.ChangeRules, isChange: true);
        rules.MapDelete("{queue}", RemoveAsync)
            .Describes("remove-creation-rule", Tag, "Removes the rule of a queue. Records that it created stay, and so does its history.")
            .Needs(Privilege.ChangeRules, isChange: true);
        rules.MapGet("{queue}/versions", ListVersionsAsync)
            .Describes<ListAnswer<RuleVersionAnswer>>("list-creation-rule-versions", Tag, "Who changed the rule of a queue, when and why, newest first.")
            .Needs(Privilege.ReadRules);
    }

    private static async Task<IResult> ListAsync(EmailTrackingClient client, CancellationToken token) =>
        ApiAnswers.List((await client.ReadRulesAsync(token)).Where(version => version.Rule is not null).Select(RuleVersionAnswer.Of));

    private static async Task<IResult> ReadAsync(EmailAddress queue, RuleActs acts, HttpContext context, CancellationToken token) =>
        await acts.FindAsync(queue, token) is { Rule: not null } version
            ? EntityTags.Tagged(context, EntityTags.Of(version.Version), RuleVersionAnswer.Of(version))
            : Missing(queue);

    private static Task<IResult> SetAsync(EmailAddress queue, RuleBody body, RuleActs acts, HttpContext context, CancellationToken token)
    {
        if (body.Rule.ValueKind != JsonValueKind.Object)
        {
            return Task.FromResult(ApiAnswers.Wrong($"Send the rule: {{\"rule\": {RuleFile.Example}, \"why\": …}}"));
        }

        try
        {
            var rule = RuleFile.Parse(body.Rule.GetRawText(), "What was sent") with { Queue = queue };
            return ChangeAsync(queue, acts, context, body.Why, author => acts.SetAsync(rule, author, token), token);
        }
        catch (WrongInputException wrong)
        {
            return Task.FromResult(ApiAnswers.Wrong(wrong.Message));
        }
    }

    private static Task<IResult> RemoveAsync(EmailAddress queue, string? why, RuleActs acts, HttpContext context, CancellationToken token) =>
        ChangeAsync(queue, acts, context, why, author => acts.RemoveAsync(queue, author, token), token);

    private static async Task<IResult> ChangeAsync(
        EmailAddress queue,
        RuleActs acts,
        HttpContext context,
        string? why,
        Func<Author, Task<Told<RuleVersion?>>> change,
        CancellationToken token)
    {
        var before = await acts.FindAsync(queue, token);
        if (EntityTags.Refusal(context, TagOf(before)) is { } refusal)
        {
            return refusal;
        }

        var hasSeen = EntityTags.AreIn(context) || context.Request.Headers.IfNoneMatch.Count > 0;
        var author = Visitor.Of(context).Author(why) with { Seen = hasSeen ? FormattableString.Invariant($"{before?.Version ?? 0}") : null };
        var told = await change(author);
        return told.Problem is { } problem ? EntityTags.Refusal(context, TagOf(await acts.FindAsync(queue, token))) ?? ApiAnswers.Of(problem)
            : told.Value is { Rule: not null } after ? EntityTags.Tagged(context, EntityTags.Of(after.Version), RuleVersionAnswer.Of(after))
            : Results.NoContent();
    }

    private static async Task<IResult> ListVersionsAsync(EmailAddress queue, int? count, EmailTrackingClient client, CancellationToken token) =>
        Bounds.Read(count, CountStandard, IOrganizationGrain.HistoryMax, out var asked) ??
        ApiAnswers.List((await client.ReadRuleHistoryAsync(queue, asked, token)).Select(RuleVersionAnswer.Of));

    private static EntityTagHeaderValue? TagOf(RuleVersion? version) => version?.Rule is null ? null : EntityTags.Of(version.Version);

    private static IResult Missing(EmailAddress queue) =>
        ApiAnswers.Missing($"{queue} has no rule: its mail becomes no records. GET {ApiPart.Root}/creation-rules lists those that there are.");
}

/// <summary>A rule that is wanted.</summary>
/// <param name="Rule">The rule, as <c>emailtracking rules show</c> prints it; its queue is that of the path.</param>
/// <param name="Why">Why.</param>
internal sealed record RuleBody(JsonElement Rule, string? Why);

/// <summary>One version of a queue's rule.</summary>
/// <param name="Tag">For If-Match.</param>
/// <param name="Queue">The address of the queue's mailbox.</param>
/// <param name="Version">Counts the changes of this queue's rule.</param>
/// <param name="Rule">The rule, as <c>emailtracking rules show</c> prints it; null when it was removed.</param>
/// <param name="ModifiedBy">Who changed it.</param>
/// <param name="ModifiedOn">When; UTC.</param>
/// <param name="Why">Why, in their words.</param>
internal sealed record RuleVersionAnswer(
    [property: JsonPropertyName("@odata.etag")] string Tag,
    string Queue,
    long Version,
    JsonNode? Rule,
    string ModifiedBy,
    DateTimeOffset ModifiedOn,
    string? Why)
{
    public static RuleVersionAnswer Of(RuleVersion version) => new(
        EntityTags.Of(version.Version).ToString(),
        version.Queue.Value,
        version.Version,
        version.Rule is { } rule ? JsonNode.Parse(RuleFile.Write(rule)) : null,
        version.ChangedBy,
        version.ChangedOn,
        version.Why);
}
