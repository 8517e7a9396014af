using CsCheck;
using EmailTracking.Listing;

namespace EmailTracking.Tests.Unit.Listing;

/// <summary>What a person types into the search.</summary>
public sealed class ListTermsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("- * -*", "")]
    [InlineData("Blue desk", "blue desk")]
    [InlineData("desk*", "desk*")]
    [InlineData("-desk", "-desk")]
    [InlineData("-desk*", "-desk*")]
    [InlineData("ana@contoso.com", "ana contoso com")]
    [InlineData("ana@cont*", "ana cont*")]
    [InlineData("-a.b", "-b")]
    [InlineData("blue-ish", "blue ish")]
    public void All_words_are_wanted_but_those_behind_a_minus(string text, string terms) => Assert.Equal(terms, Text(text));

    [Fact]
    public void Nothing_that_is_typed_asks_for_a_list() => Gen.String.Sample(text =>
        Assert.DoesNotContain('_', string.Concat(ListTerms.Parse(text).SelectMany(term => term.AnyOf))));

    private static string Text(string text) => string.Join(' ', ListTerms.Parse(text).Select(term =>
        $"{(term.IsExcluded ? "-" : "")}{Assert.Single(term.AnyOf)}{(term.IsPrefix ? "*" : "")}"));
}
