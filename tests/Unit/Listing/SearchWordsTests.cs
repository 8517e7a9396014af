using System.Text;
using CsCheck;
using EmailTracking.Listing;

namespace EmailTracking.Tests.Unit.Listing;

/// <summary>How text is cut into the words that are searched.</summary>
public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" .,;-_\t", "")]
    [InlineData("Blue desks", "blue desks")]
    [InlineData("ana.o'hara@contoso.com", "ana o hara contoso com")]
    [InlineData("_l0 _m1", "l0 m1")]
    [InlineData("CRÈME crème cre\u0300me", "creme creme creme")]
    [InlineData("Łódź Øre Đorđe Ằn ΆΓΩΝΊΑ Ёлка", "lodz ore dorde an αγωνια елка")]
    [InlineData("Straße ÆON", "straße æon")]
    [InlineData("ＡＢＣ１２", "abc12")]
    [InlineData("会", "会")]
    [InlineData("会議", "会議")]
    [InlineData("会議の予定", "会議 議の の予 予定")]
    [InlineData("PC会議2", "pc 会議 2")]
    [InlineData("会 議", "会 議")]
    [InlineData("ﾃｽﾄ", "ﾃｽ ｽﾄ")]
    [InlineData("soft\u00ADhyphen", "softhyphen")]
    [InlineData("one\ud800two", "one two")]
    [InlineData("👍 ok", "ok")]
    [InlineData("x²", "x")]
    public void A_text_is_cut_into_words(string text, string words) => Assert.Equal(words, string.Join(' ', SearchWords.Of(text)));

    [Fact]
    public void A_long_word_is_cut() =>
        Assert.Equal([new string('a', SearchWords.LengthMax), "b"], SearchWords.Of($"{new string('a', 5_000)} b"));

    [Fact]
    public void No_word_is_a_term_of_our_own_or_needs_an_escape_whatever_the_text() => GenText.Sample(text =>
        Assert.All(SearchWords.Of(text), word =>
        {
            Assert.InRange(word.Length, 1, SearchWords.LengthMax + 1);
            Assert.All(word.EnumerateRunes(), rune => Assert.True(Rune.IsLetterOrDigit(rune), $"U+{rune.Value:X4} of {word}"));
        }));

    [Fact]
    public void What_is_searched_as_it_was_written_is_found_whatever_the_text() => GenText.Sample(text =>
        Assert.Equal(SearchWords.Of(text), SearchWords.Of(text.ToUpperInvariant())));

    [Fact]
    public void A_text_and_another_have_the_words_of_both() => Gen.Select(GenText, GenText).Sample((one, other) =>
        Assert.Equal([.. SearchWords.Of(one), .. SearchWords.Of(other)], SearchWords.Of($"{one} {other}")));

    private static readonly Gen<string> GenText = Gen.OneOf(
        Gen.String,
        Gen.Char["abcÀé_'\"&|!():*\\ ß会議あ\u0301\ud83d\udc4d"].Array[0, 30].Select(chars => new string(chars)));
}
