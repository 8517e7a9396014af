using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Organizations;

/// <summary>What a person should look at.</summary>
internal static class ReviewEndpoints
{
    private const int CountStandard = 100;
    private const int CountMax = 1_000;

    private const string Tag = "Review";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("review/crowded-ids", ListAsync)
            .Describes<ListAnswer<CrowdedIdAnswer>>(
                "list-crowded-ids", Tag, "Ids of mail that nobody has shown us and that mail of many domains names: somebody may be tying threads together.")
            .Needs(Privilege.Review);
        api.MapGet("review/shared-addresses", ListSharedAsync)
            .Describes<ListAnswer<SharedAddressAnswer>>(
                "list-shared-addresses", Tag, "Addresses that several active records have, and for which nobody chose one. Follow nextlink: a page may be short.")
            .Needs(Privilege.ChangeRecords);
    }

    private static async Task<IResult> ListSharedAsync(
        string? before, int? count, EmailTrackingClient client, HttpContext context, CancellationToken token)
    {
        if (Bounds.Read(count, CountStandard, SharedAddresses.PageMax, out var asked) is { } wrong)
        {
            return wrong;
        }

        EmailAddress from = default;
        if (before is not null && !EmailAddress.TryParse(before, out from))
        {
            return ApiAnswers.Wrong("before is as nextlink has it.");
        }

        var page = await client.ReadSharedAddressesAsync(before is null ? null : from, asked, token);
        return ApiAnswers.List(
            page.Addresses.Select(shared => new SharedAddressAnswer(shared.Address.Value, shared.Records)), ApiAnswers.Next(context.Request, page.Next?.Value));
    }

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

/// <summary>An address that several active records have.</summary>
/// <param name="EmailAddress">The address.</param>
/// <param name="Records">How many.</param>
internal sealed record SharedAddressAnswer(string EmailAddress, int Records);
