using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api;

/// <summary>Keys of programs.</summary>
internal static class ApiKeyEndpoints
{
    private const string Tag = "Access";
    private const int DaysStandard = 90;

    public static void Map(IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("api-keys");
        keys.MapGet("", async (EmailTrackingClient client, CancellationToken token) =>
                ApiAnswers.List((await client.ReadKeysAsync(token)).Select(KeyAnswer.Of)))
            .Describes<ListAnswer<KeyAnswer>>("list-api-keys", Tag, "The keys, latest first, those that are over included. Their secrets are nowhere.")
            .Needs(Privilege.ManageAccess);
        keys.MapPost("", CreateAsync)
            .Describes<CreatedKeyAnswer>("create-api-key", Tag, "Makes a key. Its text is answered now and never again.")
            .Needs(Privilege.ManageAccess, isChange: true);
        keys.MapDelete("{id}", RevokeAsync)
            .Describes("revoke-api-key", Tag, "Revokes a key: it is not taken from now on.")
            .Needs(Privilege.ManageAccess, isChange: true);
    }

    private static async Task<IResult> CreateAsync(KeyBody body, EmailTrackingClient client, HttpContext context, CancellationToken token)
    {
        if (AccessCheck.Parse<Role>(body.Role) is not { } role)
        {
            return ApiAnswers.Wrong($"A role is one of {Words<Role>()}.");
        }

        var scopes = new List<Privilege>();
        foreach (var word in body.Scopes ?? [])
        {
            if (AccessCheck.Parse<Privilege>(word) is not { } scope)
            {
                return ApiAnswers.Wrong($"A scope is one of {Words<Privilege>()}.");
            }

            scopes.Add(scope);
        }

        if (body.Days is { } days && (days < 1 || days > ApiKey.ValidMax.Days))
        {
            return ApiAnswers.Wrong($"A key is valid for 1 to {ApiKey.ValidMax.Days} days.");
        }

        var made = await client.CreateKeyAsync(
            new KeyRequest(
                body.Name ?? "", role, body.SystemUserId, [.. scopes], TimeSpan.FromDays(body.Days ?? DaysStandard), Visitor.Of(context).Author(null).By),
            token);
        return made is { Key: { } key, Text: { } text }
            ? Results.Json(new CreatedKeyAnswer(text, KeyAnswer.Of(key)), statusCode: StatusCodes.Status201Created)
            : ApiAnswers.Refused(made.Problem!);
    }

    private static async Task<IResult> RevokeAsync(string id, EmailTrackingClient client, HttpContext context, CancellationToken token) =>
        await client.RevokeKeyAsync(id, Visitor.Of(context).Author(null).By, token)
            ? Results.NoContent()
            : ApiAnswers.Missing("There is no key of this id. GET /api/tracking/api-keys lists them.");

    private static string Words<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(value => AccessCheck.Word(value)));
}

/// <summary>A key that is wanted.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Role">reader, user, operator or administrator.</param>
/// <param name="SystemUserId">The user that it stands for: their mailboxes are its own.</param>
/// <param name="Scopes">Only this of what the role may; none: all of it.</param>
/// <param name="Days">How long it is valid, 1 to 366 days; 90 when it is not said.</param>
internal sealed record KeyBody(
    string? Name, string? Role, Guid? SystemUserId, ImmutableArray<string>? Scopes, int? Days);

/// <summary>A key.</summary>
internal sealed record KeyAnswer(
    string Id,
    string Name,
    string Role,
    Guid? SystemUserId,
    ImmutableArray<string> Scopes,
    string CreatedBy,
    DateTimeOffset CreatedOn,
    DateTimeOffset ExpiresOn,
    string? RevokedBy,
    DateTimeOffset? RevokedOn,
    DateTimeOffset? LastUsedOn)
{
    public static KeyAnswer Of(ApiKey key) => new(
        key.Id,
        key.Name,
        AccessCheck.Word(key.Role),
        key.SystemUser,
        [.. key.Scopes.Select(scope => AccessCheck.Word(scope))],
        key.CreatedBy,
        key.CreatedOn,
        key.ExpiresOn,
        key.RevokedBy,
        key.RevokedOn,
        key.LastUsedOn);
}

/// <summary>A key that was made.</summary>
/// <param name="Text">The whole key, to be sent as a bearer token; it is shown once.</param>
/// <param name="Key">What is known of it from now on.</param>
internal sealed record CreatedKeyAnswer(string Text, KeyAnswer Key);
