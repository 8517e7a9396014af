using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Organizations;

/// <summary>What a person should look at.</summary>
internal static class ReviewEndpoints
{
    private const int CountStandard = 100;
    private const int CountMax = 1_000;

    public static void Map(IEndpointRouteBuilder api) => api
        .MapGet("review/crowded-ids", ListAsync)
        .Describes<ListAnswer<CrowdedIdAnswer>>(
            "list-crowded-ids", "Review", "Ids of mail that nobody has shown us and that mail of many domains names: somebody may be tying threads together.")
        .Needs(Privilege.Review);

    private static async Task<IResult> ListAsync(int? count, EmailTrackingClient client, CancellationToken token) =>
        Bounds.Read(count, CountStandard, CountMax, out var asked) ??
        ApiAnswers.List((await client.ReadCrowdedIdsAsync(asked, token)).Select(id => new CrowdedIdAnswer(
            id.Key.ToString(), id.Domains, id.Emails, id.First.ToString())));
}

/// <summary>An id that nobody has shown us.</summary>
/// <param name="Key">The id's key.</param>
/// <param name="Domains">How many domains the senders are of who name it.</param>
/// <param name="Emails">How many emails name it.</param>
/// <param name="First">The key of the earliest of them.</param>
internal sealed record CrowdedIdAnswer(string Key, int Domains, int Emails, string First);
