using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api;

/// <summary>What people are who sign in with the identity provider.</summary>
internal static class PrincipalEndpoints
{
    private const string Tag = "Access";

    public static void Map(IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("principals");
        people.MapGet("", async (EmailTrackingClient client, CancellationToken token) =>
                ApiAnswers.List((await client.ReadPeopleAsync(token)).Select(PrincipalAnswer.Of)))
            .Describes<ListAnswer<PrincipalAnswer>>("list-principals", Tag, "What people are who sign in, by subject.")
            .Needs(Privilege.ManageAccess);
        people.MapPut("{subject}", SetAsync)
            .Describes("set-principal", Tag, "Says what somebody is who signs in; in force with their next request.")
            .Needs(Privilege.ManageAccess, isChange: true);
        people.MapDelete("{subject}", async (string subject, EmailTrackingClient client, CancellationToken token) =>
                await client.RemovePersonAsync(subject, token)
                    ? Results.NoContent()
                    : ApiAnswers.Missing("Nobody said what this subject is. GET /api/tracking/principals lists them."))
            .Describes("remove-principal", Tag, "Forgets what somebody is: they are let in no more.")
            .Needs(Privilege.ManageAccess, isChange: true);
    }

    private static async Task<IResult> SetAsync(
        string subject, PrincipalBody body, EmailTrackingClient client, HttpContext context, CancellationToken token)
    {
        if (AccessCheck.Parse<Role>(body.Role) is not { } role)
        {
            return ApiAnswers.Wrong($"A role is one of {string.Join(", ", Enum.GetValues<Role>().Select(one => AccessCheck.Word(one)))}.");
        }

        var person = new SignedIn(
            subject, body.Name ?? subject, role, body.SystemUserId, body.TeamIds ?? [], Visitor.Of(context).Author(null).By, default);
        return await client.SavePersonAsync(person, token) is { } problem ? ApiAnswers.Refused(problem) : Results.NoContent();
    }
}

/// <summary>What somebody is to be.</summary>
/// <param name="Name">What people know them by; the subject when it is not said.</param>
/// <param name="Role">reader, user, operator or administrator.</param>
/// <param name="SystemUserId">The user that they are: that user's mailboxes are their own.</param>
/// <param name="TeamIds">The teams of that user.</param>
internal sealed record PrincipalBody(string? Name, string? Role, Guid? SystemUserId, ImmutableArray<Guid>? TeamIds);

/// <summary>What somebody is.</summary>
internal sealed record PrincipalAnswer(
    string Subject, string Name, string Role, Guid? SystemUserId, ImmutableArray<Guid> TeamIds, string ModifiedBy, DateTimeOffset ModifiedOn)
{
    public static PrincipalAnswer Of(SignedIn person) => new(
        person.Subject, person.Name, AccessCheck.Word(person.Role), person.SystemUser, person.Teams, person.ChangedBy, person.ChangedOn);
}
