using System.Security.Cryptography;
using System.Text;
using EmailTracking.Silo.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace EmailTracking.Silo.Api;

/// <summary>Entity tags (RFC 9110 section 8.8.3): whoever changes what others may have changed says which state they saw.</summary>
internal static class EntityTags
{
    private const int DigitsMax = 16;

    /// <summary>The tag of a state that has a number.</summary>
    public static EntityTagHeaderValue Of(long version) => new(FormattableString.Invariant($"\"{version}\""));

    /// <summary>The tag of a state that is told by all that it says.</summary>
    public static EntityTagHeaderValue Of(params ReadOnlySpan<string?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part?.Length ?? -1).Append(':').Append(part);
        }

        return new($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..DigitsMax]}\"");
    }

    /// <summary>Answers a state with its tag.</summary>
    public static IResult Tagged<T>(HttpContext context, EntityTagHeaderValue tag, T value)
    {
        context.Response.Headers.ETag = tag.ToString();
        return Results.Json(value);
    }

    /// <summary>Why a change is not made: the caller saw another state, or wants to make what is there already.</summary>
    /// <param name="context">The request, with If-Match or If-None-Match or neither.</param>
    /// <param name="standing">The tag of what stands; null when there is nothing.</param>
    /// <returns>Null when it may be made.</returns>
    public static IResult? Refusal(HttpContext context, EntityTagHeaderValue? standing)
    {
        var headers = context.Request.GetTypedHeaders();
        return headers.IfMatch is { Count: > 0 } wanted && !wanted.Any(tag => Matches(tag, standing)) ? Changed()
            : headers.IfNoneMatch is { Count: > 0 } unwanted && unwanted.Any(tag => Matches(tag, standing)) ? Changed()
            : null;
    }

    /// <summary>Whether a request says which state it saw.</summary>
    public static bool AreIn(HttpContext context) => context.Request.GetTypedHeaders().IfMatch is { Count: > 0 };

    /// <summary>What stands is not what the caller saw.</summary>
    public static IResult Changed() => Answers.Problem(
        StatusCodes.Status412PreconditionFailed,
        "Changed meanwhile",
        "What stands is not what If-Match or If-None-Match says. Read it again, and send the change with the ETag of that answer.");

    // Strong comparison: a weak tag tells too little to overwrite anything.
    private static bool Matches(EntityTagHeaderValue tag, EntityTagHeaderValue? standing) =>
        standing is not null && (tag == EntityTagHeaderValue.Any || tag.Compare(standing, useStrongComparison: true));
}
