using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api;

/// <summary>Who changed what through the door.</summary>
internal static class AuditLogEndpoints
{
    private const int CountStandard = 100;

    public static void Map(IEndpointRouteBuilder api) => api
        .MapGet("audit-log", ReadAsync)
        .Describes<ListAnswer<AuditAnswer>>(
            "read-audit-log", "Access", "Every change that was made or wanted through the API, latest first. Follow nextlink: pages hold while more is changed.")
        .Needs(Privilege.ReadAuditLog);

    private static async Task<IResult> ReadAsync(long? before, int? count, EmailTrackingClient client, CancellationToken token)
    {
        var asked = count ?? CountStandard;
        if (asked is < 1 or > AuditEntry.PageMax)
        {
            return ApiAnswers.Wrong($"count is 1 to {AuditEntry.PageMax}.");
        }

        var entries = await client.ReadAuditAsync(before, asked, token);
        return ApiAnswers.List(
            entries.Select(AuditAnswer.Of),
            entries.Length == asked ? FormattableString.Invariant($"{ApiPart.Root}/audit-log?before={entries[^1].Number}&count={asked}") : null);
    }
}

/// <summary>A change, or one that was wanted.</summary>
/// <param name="Number">Its number, greater for later ones.</param>
/// <param name="CreatedOn">When it was begun; UTC.</param>
/// <param name="PrincipalId">Who: key:ID, subject:SUBJECT or local.</param>
/// <param name="PrincipalName">What people know them by.</param>
/// <param name="Operation">What, as the operation is named in the API's document.</param>
/// <param name="Target">To what: method and path.</param>
/// <param name="Outcome">begun, done, refused, forbidden or failed.</param>
/// <param name="Status">The status that was answered; null while it is not.</param>
internal sealed record AuditAnswer(
    long Number, DateTimeOffset CreatedOn, string PrincipalId, string PrincipalName, string Operation, string Target, string Outcome, int? Status)
{
    public static AuditAnswer Of(AuditEntry entry) => new(
        entry.Number, entry.OccurredOn, entry.ById, entry.By, entry.Action, entry.Target, AccessCheck.Word(entry.Outcome), entry.Status);
}
