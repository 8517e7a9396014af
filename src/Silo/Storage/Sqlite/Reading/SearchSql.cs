using System.Collections.Immutable;
using EmailTracking.Listing;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>A search as FTS5 writes it: "not" is between two, so what is left out comes last.</summary>
internal static class SearchSql
{
    // A term has letters, digits and underscores only: nothing in it needs an escape.
    public static string Of(ImmutableArray<SearchTerm> terms) => string.Join(
        " NOT ",
        [string.Join(" AND ", terms.Where(term => !term.IsExcluded).Select(Of)), .. terms.Where(term => term.IsExcluded).Select(Of)]);

    private static string Of(SearchTerm term) =>
        $"({string.Join(" OR ", term.AnyOf.Select(word => $"\"{word}\"{(term.IsPrefix ? " *" : "")}"))})";
}
