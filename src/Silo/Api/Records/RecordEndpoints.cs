using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Organizations;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Records;

/// <summary>CRM records, and what becomes of them.</summary>
internal static class RecordEndpoints
{
    private const string Tag = "Records";

    public static void Map(IEndpointRouteBuilder api)
    {
        var record = api.MapGroup("records/{table}/{id:guid}");
        record.MapGet("", ReadAsync)
            .Describes<RecordDetails>("read-record", Tag, "A record as it stands. Those who may see only their own see what they or a team of theirs own.")
            .NeedsForChosen(Privilege.ReadRecords);
        record.MapGet("preview", PreviewAsync)
            .Describes<TouchedAnswer>("preview-record-change", Tag, "How many emails are from, to or about a record: those that a change of it touches.")
            .Needs(Privilege.ChangeRecords);
        Act(record, "activate", "activate-record", "Activates a record; of a converted lead the conversion is taken back.", (client, one, token) => client.SetRecordStateAsync(one, isActive: true, token));
        Act(record, "deactivate", "deactivate-record", "Deactivates a record: active ones with the same address go before it, and a disabled user is nobody.", (client, one, token) => client.SetRecordStateAsync(one, isActive: false, token));
        record.MapDelete("", (string table, Guid id, EmailTrackingClient client, CancellationToken token) =>
                AnswerAsync(client.DeleteRecordAsync(new RecordReference(table, id), token)))
            .Describes<RecordChanged>("delete-record", Tag, "Deletes a record: nobody is meant by its addresses any more, and mail about it says that it is gone.")
            .Needs(Privilege.ChangeRecords, isChange: true);
        Become(record, "merge", "merge-record", "Merges a record into another of its table, for good.", (client, one, other, token) => client.MergeRecordsAsync(one, other, token));
        Become(record, "convert", "convert-record", "A lead became another record: mail about it is about that one from then on.", (client, one, other, token) => client.ConvertRecordAsync(one, other, token));
    }

    /// <summary>What a change of records came to.</summary>
    public static async Task<IResult> AnswerAsync(Task<RecordAnswer> act)
    {
        var answer = await act;
        return answer.Problem is { } problem ? ApiAnswers.Refused(problem) : Results.Json(new RecordChanged(answer.IsChanged));
    }

    /// <summary>A record as it stands; null when there is none, or none that is theirs: which of both is not told.</summary>
    public static async Task<RecordView?> FindAsync(
        EmailTrackingClient client, Visitor visitor, RecordReference record, CancellationToken cancellationToken) =>
        await client.ReadRecordAsync(record, cancellationToken) is { } view && (visitor.Reach == Reach.All || IsOwn(visitor.Principal, view))
            ? view
            : null;

    private static void Act(
        RouteGroupBuilder record,
        string path,
        string name,
        string summary,
        Func<EmailTrackingClient, RecordReference, CancellationToken, Task<RecordAnswer>> act) => record
            .MapPost(path, (string table, Guid id, EmailTrackingClient client, CancellationToken token) =>
                AnswerAsync(act(client, new RecordReference(table, id), token)))
            .Describes<RecordChanged>(name, Tag, summary)
            .Needs(Privilege.ChangeRecords, isChange: true);

    private static void Become(
        RouteGroupBuilder record,
        string path,
        string name,
        string summary,
        Func<EmailTrackingClient, RecordReference, RecordReference, CancellationToken, Task<RecordAnswer>> act) => record
            .MapPost(path, (string table, Guid id, BecomeBody body, EmailTrackingClient client, CancellationToken token) => body.Target is { } target
                ? AnswerAsync(act(client, new RecordReference(table, id), target, token))
                : Task.FromResult(ApiAnswers.Wrong("Say which record: {\"target\": {\"logicalname\": \"contact\", \"id\": …}}")))
            .Describes<RecordChanged>(name, Tag, summary)
            .Needs(Privilege.ChangeRecords, isChange: true);

    private static async Task<IResult> ReadAsync(string table, Guid id, EmailTrackingClient client, HttpContext context, CancellationToken token)
    {
        var reference = new RecordReference(table, id);
        return await FindAsync(client, Visitor.Of(context), reference, token) is { } view
            ? Results.Json(RecordDetails.Of(view))
            : ApiAnswers.Missing($"There is no record {reference}, or it is not yours.");
    }

    private static bool IsOwn(Principal principal, RecordView view) =>
        principal.IsOwner(view.Record.Facts.OwnerId) || principal.IsOwner(view.Record.Facts.Reference);

    private static async Task<IResult> PreviewAsync(string table, Guid id, EmailTrackingClient client, CancellationToken token) => Results.Json(
        new TouchedAnswer((await client.PreviewRecordChangeAsync(new RecordReference(table, id), [], token)).Count));
}

/// <summary>What a record becomes.</summary>
/// <param name="Target">The other record.</param>
internal sealed record BecomeBody(RecordReference? Target);

/// <summary>What a change of a record came to; mail that has its addresses is linked again in the background.</summary>
/// <param name="IsChanged">Whether anything changed; false when it stood so already.</param>
internal sealed record RecordChanged(bool IsChanged);

/// <summary>What a change would touch.</summary>
/// <param name="Emails">How many emails.</param>
internal sealed record TouchedAnswer(long Emails);

/// <summary>A CRM record as it stands.</summary>
/// <param name="LogicalName">Its table.</param>
/// <param name="Id">Its id there.</param>
/// <param name="Name">Its name.</param>
/// <param name="StateCode">0 active, 1 inactive.</param>
/// <param name="OwnerId">The user or team whose it is.</param>
/// <param name="CreatedOn">When it was created; UTC.</param>
/// <param name="EmailAddresses">Its addresses.</param>
/// <param name="CustomerId">The account or contact that it belongs to.</param>
/// <param name="Successor">What it was merged or converted into.</param>
/// <param name="IsMerged">Whether it was merged.</param>
/// <param name="DeletedOn">When it was deleted; UTC.</param>
/// <param name="Choices">For which addresses people chose it.</param>
internal sealed record RecordDetails(
    string LogicalName,
    Guid Id,
    string Name,
    int StateCode,
    Guid? OwnerId,
    DateTimeOffset CreatedOn,
    ImmutableArray<string> EmailAddresses,
    RecordReference? CustomerId,
    RecordReference? Successor,
    bool IsMerged,
    DateTimeOffset? DeletedOn,
    ImmutableArray<ChoiceAnswer> Choices)
{
    public static RecordDetails Of(RecordView view)
    {
        var facts = view.Record.Facts;
        return new RecordDetails(
            facts.Reference.LogicalName,
            facts.Reference.Id,
            view.Record.Name,
            facts.IsActive ? 0 : 1,
            facts.OwnerId,
            facts.CreatedOn,
            [.. view.Record.Addresses.Select(address => address.Value)],
            view.Record.Customer,
            view.Life.Successor,
            view.Life.IsMerged,
            view.Life.DeletedOn,
            [.. view.Choices.Select(ChoiceAnswer.Of)]);
    }
}
