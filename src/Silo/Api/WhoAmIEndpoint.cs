using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api;

/// <summary>Who somebody is here, and what they may do.</summary>
internal static class WhoAmIEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api
        .MapGet("whoami", (HttpContext context) => Results.Json(Of(Visitor.Of(context).Principal)))
        .Describes<WhoAmI>("whoami", "Access", "Who the key or token makes you, and what that may do.")
        .ForThemselves();

    private static WhoAmI Of(Principal principal) => new(
        principal.Id,
        principal.Name,
        AccessCheck.Word(principal.Role),
        principal.SystemUser,
        principal.Teams,
        Enum.GetValues<Privilege>()
            .Where(privilege => principal.ReachOf(privilege) != Reach.None)
            .ToImmutableDictionary(privilege => AccessCheck.Word(privilege), privilege => AccessCheck.Word(principal.ReachOf(privilege))));
}

/// <summary>Who somebody is.</summary>
/// <param name="Id">What tells them from others: key:ID, subject:SUBJECT or local.</param>
/// <param name="Name">What people know them by.</param>
/// <param name="Role">reader, user, operator or administrator.</param>
/// <param name="SystemUserId">The user that they are; null: none.</param>
/// <param name="TeamIds">The teams of that user.</param>
/// <param name="Privileges">What they may do: own, or all.</param>
internal sealed record WhoAmI(
    string Id, string Name, string Role, Guid? SystemUserId, ImmutableArray<Guid> TeamIds, ImmutableDictionary<string, string> Privileges);
