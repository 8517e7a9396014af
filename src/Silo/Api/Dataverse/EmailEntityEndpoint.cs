using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Dataverse;

/// <summary>One email at the address, and in the form, in which Dataverse's Web API answers it.</summary>
/// <remarks>Source: Dataverse Web API, "Retrieve a table row"; OData JSON format 4.0.</remarks>
internal static class EmailEntityEndpoint
{
    private const string Root = "/api/data/v9.2";

    // Error codes of Dataverse: ObjectDoesNotExist, and a query that it does not understand.
    private const string NoSuchRow = "0x80040217";
    private const string NoSuchColumn = "0x80060888";

    private static readonly (string Column, Func<ActivityRow, JsonNode?> Value)[] Columns =
    [
        ("activityid", row => row.ActivityId),
        ("subject", row => row.Subject),
        ("correlationmethod", row => (int)row.State.Correlation.Method),
        ("directioncode", row => row.State.IsOutgoing),
        ("messageid", row => row.MessageId is null ? null : $"<{row.MessageId}>"),
        ("senton", row => row.SentOn?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null)),
        ("sender", row => row.Sender?.Value),
        ("trackingtoken", row => row.TrackingToken),
        ("conversationtrackingid", row => row.State.ConversationId),
        ("_regardingobjectid_value", row => row.Regarding?.Id),
        ("_ownerid_value", row => row.Owner.OwnerId),
        ("_correlatedactivityid_value", row => row.CorrelatedActivityId),
        ("_parentactivityid_value", row => row.ParentActivityId),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet(Root + "/emails({id:guid})", ReadAsync)
        .Describes<JsonObject>("retrieve-email", "Dataverse", "One tracked email as Dataverse's Web API answers it; $select names columns.")
        .NeedsForChosen(Privilege.ReadMail);

    private static async Task<IResult> ReadAsync(Guid id, EmailTrackingClient client, HttpContext context, CancellationToken token)
    {
        var asked = Selected(context.Request.Query["$select"].ToString());
        if (asked.FirstOrDefault(column => !Columns.Any(known => known.Column == column)) is { } unknown)
        {
            return Error(
                StatusCodes.Status400BadRequest,
                NoSuchColumn,
                $"Could not find a property named '{unknown}' on type 'Microsoft.Dynamics.CRM.email'. There are: {string.Join(", ", Columns.Select(known => known.Column))}.");
        }

        if ((await client.FindAsync(Visitor.Of(context).Principal, id.ToString(), token))?.Activity is not { } row || row.ActivityId != id)
        {
            return Error(StatusCodes.Status404NotFound, NoSuchRow, $"Entity 'email' With Id = {id} Does Not Exist");
        }

        var answer = Entity(row, asked, $"{context.Request.Scheme}://{context.Request.Host}{Root}");
        context.Response.Headers["OData-Version"] = "4.0";
        context.Response.Headers.ETag = (string)answer["@odata.etag"]!;
        return Results.Text(answer.ToJsonString(), "application/json; odata.metadata=minimal");
    }

    private static JsonObject Entity(ActivityRow row, string[] asked, string root)
    {
        var all = new JsonObject(Columns.Select(known => KeyValuePair.Create(known.Column, known.Value(row))));
        var etag = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(all)).AsSpan(0, 8));
        var answer = new JsonObject
        {
            ["@odata.context"] = $"{root}/$metadata#emails{(asked.Length == 0 ? "" : $"({string.Join(',', asked)})")}/$entity",
            ["@odata.etag"] = $"W/\"{etag}\"",
        };

        // The primary key is always there.
        foreach (var (column, _) in Columns.Where(known => asked.Length == 0 || asked.Contains(known.Column) || known.Column == "activityid"))
        {
            answer[column] = all[column]?.DeepClone();
        }

        return answer;
    }

    private static string[] Selected(string select) =>
        [.. select.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

    private static IResult Error(int status, string code, string message) =>
        Results.Json(new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } }, statusCode: status);
}
