using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace EmailTracking.Client;

/// <summary>The exceptions of a silo's store, which reach the caller as what they are: it can tell what passes by itself.</summary>
/// <remarks>
/// Orleans carries exceptions of namespaces that it is told of. Any other fails in the sender, and the caller is told of a missing
/// codec, whatever happened.
/// </remarks>
public static class StoreExceptions
{
    private static readonly string[] Namespaces = ["Npgsql", "Microsoft.Data.Sqlite", "EmailTracking.Silo.Storage"];

    /// <summary>Has them carried. Both ends need it, and two silos are two ends as well.</summary>
    public static IServiceCollection AddStoreExceptions(this IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.UnionWith(Namespaces));

    /// <summary>Whether a type is one of them; here it may be known by its name only.</summary>
    internal static bool Include(string? type) =>
        type is not null && Namespaces.Any(one => type.StartsWith($"{one}.", StringComparison.Ordinal));
}
