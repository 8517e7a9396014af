using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EmailTracking.Tracking.Threads;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Listing;

/// <summary>What an email is found by in the search index besides its words: terms that begin with an underscore, which no word has.</summary>
public static class ListTerms
{
    /// <summary>It stands in a list.</summary>
    public static string InList(Guid list) => $"_l{list:N}";

    /// <summary>How it was correlated.</summary>
    public static string Of(CorrelationMethod method) => string.Create(CultureInfo.InvariantCulture, $"_m{(int)method}");

    /// <summary>Whether it is outgoing.</summary>
    public static string Outgoing(bool isOutgoing) => isOutgoing ? "_o1" : "_o0";

    /// <summary>Whether it is about a record.</summary>
    public static string Regarding(bool hasRegarding) => hasRegarding ? "_r1" : "_r0";

    /// <summary>It is held: its sender took part in none of the mails that it names.</summary>
    public const string Held = "_h1";

    /// <summary>An address takes part in it.</summary>
    public static string Of(EmailAddress address) =>
        $"_a{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.Value)).AsSpan(0, 16))}";

    /// <summary>What a person typed: all words are wanted, those behind a minus are not, a star stands for any end of a word.</summary>
    /// <param name="text">At most <see cref="ListQuery.TextMax"/> characters; what has no letter or digit asks for nothing.</param>
    public static ImmutableArray<SearchTerm> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var terms = ImmutableArray.CreateBuilder<SearchTerm>();
        foreach (var part in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var isExcluded = part[0] == '-';
            ImmutableArray<string> words = [.. SearchWords.Of(part)];
            for (var i = 0; i < words.Length; i++)
            {
                // A word behind a minus that is several ("a.b") excludes what has the last: to exclude each would exclude too much.
                if (!isExcluded || i == words.Length - 1)
                {
                    terms.Add(new SearchTerm([words[i]], i == words.Length - 1 && part[^1] == '*', isExcluded));
                }
            }
        }

        return terms.DrainToImmutable();
    }
}

/// <summary>A condition of a search.</summary>
/// <param name="AnyOf">One of these terms.</param>
/// <param name="IsPrefix">Whether a word that begins with the term counts.</param>
/// <param name="IsExcluded">Whether emails that meet it are left out.</param>
[GenerateSerializer, Immutable, Alias("SearchTerm")]
public sealed record SearchTerm(
    [property: Id(0)] ImmutableArray<string> AnyOf, [property: Id(1)] bool IsPrefix = false, [property: Id(2)] bool IsExcluded = false);
