using EmailTracking.Access;
using EmailTracking.Organizations;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Web.Door;

/// <summary>Whoever asks, and how far they may go here.</summary>
/// <param name="Principal">Who.</param>
/// <param name="Reach">How far the privilege of the endpoint goes for them.</param>
internal sealed record Visitor(Principal Principal, Reach Reach)
{
    private const int NameMax = 200;

    /// <summary>The one of a request that was let in.</summary>
    public static Visitor Of(HttpContext context) =>
        context.Features.Get<Visitor>() ?? throw new InvalidOperationException("Nobody was let in here: the endpoint has no access rule.");

    /// <summary>Them as the author of a change.</summary>
    public Author Author(string? why)
    {
        var by = $"{Principal.Name} ({Principal.Id})";
        return new Author(by.Length > NameMax ? by[..NameMax] : by, why);
    }
}
