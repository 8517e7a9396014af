using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;

namespace EmailTracking.Silo.Api.Describing;

/// <summary>What an endpoint takes that reads the body itself.</summary>
/// <param name="Types">The media types.</param>
/// <remarks>Unlike the framework's own this chooses no endpoint: whoever may not come in is told so first.</remarks>
internal sealed record RawBody(ImmutableArray<string> Types);

/// <summary>Says what endpoints take.</summary>
internal static class RawBodies
{
    /// <summary>It takes a body of one of these media types.</summary>
    public static T TakesRaw<T>(this T endpoint, params ImmutableArray<string> types)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new RawBody(types));
}
