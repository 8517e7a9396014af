using System.Collections.Frozen;
using System.Text;

namespace EmailTracking.Listing;

/// <summary>Letters that bear a mark, and the letter below: Latin, Greek, and the Cyrillic ones of Unicode's canonical decomposition.</summary>
/// <remarks>A table, because .NET has normal forms only where a library of Unicode data is installed.</remarks>
internal static class AccentedLetters
{
    // The letter, then its accented forms; and letters with a stroke, which people type without.
    private static readonly string[] Groups =
    [
        "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
        "bḃḅḇ",
        "cçćĉċčḉ",
        "dďđḋḍḏḑḓ",
        "eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
        "fḟ",
        "gĝğġģǧǵḡ",
        "hĥħȟḣḥḧḩḫẖ",
        "iìíîïĩīĭįıǐȉȋḭḯỉị",
        "jĵǰ",
        "kķǩḱḳḵ",
        "lĺļľłḷḹḻḽ",
        "mḿṁṃ",
        "nñńņňǹṅṇṉṋ",
        "oòóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
        "pṕṗ",
        "rŕŗřȑȓṙṛṝṟ",
        "sśŝşšșṡṣṥṧṩ",
        "tţťŧțṫṭṯṱẗ",
        "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
        "vṽṿ",
        "wŵẁẃẅẇẉẘ",
        "xẋẍ",
        "yýÿŷȳẏẙỳỵỷỹ",
        "zźżžẑẓẕ",
        "æǣǽ",
        "ſẛ",
        "ʒǯ",
        "αάἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ",
        "εέἐἑἒἓἔἕὲέ",
        "ηήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ",
        "ιΐίϊἰἱἲἳἴἵἶἷὶίῐῑῒΐῖῗ",
        "οόὀὁὂὃὄὅὸό",
        "ρῤῥ",
        "υΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ",
        "ωώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ",
        "еѐё",
    ];

    private static readonly FrozenDictionary<char, char> Plain = Groups
        .SelectMany(group => group[1..], (group, accented) => KeyValuePair.Create(accented, group[0])).ToFrozenDictionary();

    /// <summary>The letter without its mark; any other as it is.</summary>
    /// <param name="lower">A lower-case letter.</param>
    public static Rune Fold(Rune lower) =>
        lower is { IsAscii: false, IsBmp: true } && Plain.TryGetValue((char)lower.Value, out var plain) ? new Rune(plain) : lower;
}
