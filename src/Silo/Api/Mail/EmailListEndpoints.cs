using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Listing;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Mail;

/// <summary>Lists of tracked emails: all that one may see, and a record's timeline.</summary>
internal static class EmailListEndpoints
{
    private const string Tag = "Mail";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("emails", ([AsParameters] EmailListQuery query, EmailTrackingClient client, HttpContext context, CancellationToken token) =>
                ListAsync(query, [], client, context, token))
            .Describes<EmailListAnswer>(
                "list-emails", Tag, "Tracked emails that one may see, newest first. Follow nextlink: pages hold while mail arrives. A new email is listed a moment after it is stored.")
            .NeedsForChosen(Privilege.ReadMail);
        api.MapGet("records/{table}/{id:guid}/timeline", (
                    string table, Guid id, [AsParameters] EmailListQuery query, EmailTrackingClient client, HttpContext context, CancellationToken token) =>
                ListAsync(query, [new RecordReference(table, id)], client, context, token))
            .Describes<EmailListAnswer>(
                "read-timeline", Tag, "Emails about a record, with it as a participant, or so with a record whose customer it is, newest first.")
            .NeedsForChosen(Privilege.ReadMail);
    }

    private static async Task<IResult> ListAsync(
        EmailListQuery query, ImmutableArray<RecordReference> records, EmailTrackingClient client, HttpContext context, CancellationToken token)
    {
        if (!query.TryRead(out var asked, out var problem))
        {
            return ApiAnswers.Wrong(problem);
        }

        if (!records.IsEmpty)
        {
            asked = asked with { Within = [.. records.Select(record => EmailLists.OfRecord(GrainKeys.DefaultOrganization, record))] };
        }

        var page = await client.ListAsync(Visitor.Of(context).Principal, asked, token);
        return Results.Json(new EmailListAnswer(
            [.. page.Emails.Select(EmailAnswer.Of)], ApiAnswers.Next(context.Request, page.Next?.ToString(CultureInfo.InvariantCulture)), page.Count, page.Count >= ListQuery.CountedMax));
    }
}

/// <summary>A page of emails.</summary>
/// <param name="Value">The emails, newest first.</param>
/// <param name="NextLink">Where the next page is; null on the last.</param>
/// <param name="Count">How many there are in all; null when it was not asked (<c>count=true</c>).</param>
/// <param name="TotalRecordCountLimitExceeded">Whether counting stopped at <c>count</c>, as Dataverse's does at 5,000.</param>
internal sealed record EmailListAnswer(ImmutableArray<EmailAnswer> Value, string? NextLink, int? Count, bool TotalRecordCountLimitExceeded);
