using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Access;

namespace EmailTracking.Silo.Storage;

/// <summary>Short lists that are kept as text.</summary>
internal static class AccessLists
{
    public static string Write(ImmutableArray<Privilege> scopes) =>
        string.Join(',', scopes.Select(scope => ((int)scope).ToString(CultureInfo.InvariantCulture)));

    public static ImmutableArray<Privilege> ReadScopes(string text) =>
        [.. Parts(text).Select(part => (Privilege)int.Parse(part, CultureInfo.InvariantCulture))];

    public static string Write(ImmutableArray<Guid> ids) => string.Join(',', ids.Select(id => id.ToString("N")));

    public static ImmutableArray<Guid> ReadIds(string text) => [.. Parts(text).Select(Guid.Parse)];

    private static string[] Parts(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
