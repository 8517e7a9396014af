using System.Collections.Immutable;
using EmailTracking.Listing;

namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>A search as PostgreSQL's type tsquery writes it.</summary>
internal static class SearchSql
{
    // A term has letters, digits and underscores only: nothing in it needs an escape.
    public static string Of(ImmutableArray<SearchTerm> terms) => string.Join(" & ", terms.Select(Of));

    private static string Of(SearchTerm term) =>
        $"{(term.IsExcluded ? "!" : "")}({string.Join(" | ", term.AnyOf.Select(word => $"'{word}'{(term.IsPrefix ? ":*" : "")}"))})";
}
