using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace EmailTracking.Tracking.Mail;

/// <summary>An e-mail address as it is compared: lower case, its domain in ASCII form.</summary>
/// <remarks>Shape: local@domain, 3 to 320 characters, no blanks. Source: RFC 5321 section 4.5.3.1, RFC 5891.</remarks>
[GenerateSerializer, Immutable, Alias("EmailAddress")]
public readonly record struct EmailAddress
{
    /// <summary>The longest address that is accepted, in characters.</summary>
    public const int LengthMax = 320;

    // What separates addresses in a header: text that holds one is a list or a route that was not taken apart.
    private static readonly SearchValues<char> Separators = SearchValues.Create("<>,;");

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    private EmailAddress(string value) => Value = value;

    /// <summary>The address, for example <c>ana@contoso.com</c>.</summary>
    [Id(0)]
    public string Value { get; }

    /// <summary>What follows the last <c>@</c>.</summary>
    public string Domain => Value[(Value.LastIndexOf('@') + 1)..];

    /// <summary>The address without what follows a <c>+</c> in its local part (RFC 5233); null when it has none.</summary>
    public EmailAddress? WithoutSubaddress
    {
        get
        {
            var plus = Value.IndexOf('+', StringComparison.Ordinal);
            return plus > 0 && plus < Value.LastIndexOf('@') ? new EmailAddress($"{Value[..plus]}@{Domain}") : null;
        }
    }

    /// <summary>Reads an address.</summary>
    /// <returns>False for what no mail could be sent to: no <c>@</c>, blanks, an empty part, any of <c>&lt;&gt;,;</c>, over-long.</returns>
    public static bool TryParse(string? text, out EmailAddress address)
    {
        address = default;
        var trimmed = text?.Trim();
        if (trimmed is null || trimmed.Length is < 3 or > LengthMax || trimmed.AsSpan().ContainsAny(Separators) ||
            trimmed.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            return false;
        }

        var at = trimmed.LastIndexOf('@');
        if (at <= 0 || at == trimmed.Length - 1)
        {
            return false;
        }

        address = new EmailAddress(trimmed[..at].ToLowerInvariant() + '@' + Ascii(trimmed[(at + 1)..]));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    // A domain that has no ASCII form is kept as written: it names nobody, but the mail is kept.
    private static string Ascii(string domain)
    {
        // Lower case first: Punycode of a capital letter is another name.
        var lower = domain.ToLowerInvariant();
        if (System.Text.Ascii.IsValid(lower))
        {
            return lower;
        }

        try
        {
            return Idn.GetAscii(lower);
        }
        catch (ArgumentException)
        {
            return lower;
        }
    }
}

/// <summary>Domains where an address says nothing about who one works for.</summary>
public static class FreeMail
{
    private static readonly FrozenSet<string> Domains = new[]
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "passport.com", "yahoo.com",
        "ymail.com", "rocketmail.com", "aol.com", "aim.com", "icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com",
        "pm.me", "gmx.com", "gmx.net", "gmx.de", "gmx.at", "gmx.ch", "web.de", "freenet.de", "t-online.de", "arcor.de",
        "posteo.de", "mailbox.org", "bluewin.ch", "mail.com", "email.com", "mail.ru", "inbox.ru", "bk.ru", "list.ru",
        "yandex.ru", "yandex.com", "ya.ru", "rambler.ru", "ukr.net", "qq.com", "foxmail.com", "163.com", "126.com", "yeah.net",
        "sina.com", "sina.cn", "sohu.com", "naver.com", "daum.net", "hanmail.net", "nate.com", "free.fr", "orange.fr",
        "wanadoo.fr", "laposte.net", "sfr.fr", "libero.it", "virgilio.it", "tiscali.it", "alice.it", "terra.com.br",
        "uol.com.br", "bol.com.br", "seznam.cz", "centrum.cz", "wp.pl", "o2.pl", "onet.pl", "interia.pl", "telenet.be",
        "skynet.be", "ziggo.nl", "xs4all.nl", "home.nl", "kpnmail.nl", "comcast.net", "verizon.net", "att.net", "sbcglobal.net",
        "bellsouth.net", "cox.net", "charter.net", "earthlink.net", "btinternet.com", "sky.com", "talktalk.net", "ntlworld.com",
        "virginmedia.com", "bigpond.com", "optusnet.com.au", "shaw.ca", "rogers.com", "sympatico.ca", "rediffmail.com",
        "zoho.com", "zohomail.com", "fastmail.com", "fastmail.fm", "hushmail.com", "tutanota.com", "tuta.io", "duck.com",
    }.ToFrozenSet(StringComparer.Ordinal);

    // Providers that run one name under many countries: yahoo.co.uk, hotmail.fr, live.se.
    private static readonly FrozenSet<string> Families =
        new[] { "yahoo", "hotmail", "live", "outlook", "gmx", "yandex", "aol", "ymail" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether colleagues cannot be told by this domain.</summary>
    /// <param name="domain">A domain in lower case.</param>
    public static bool Hosts(string domain) => Domains.Contains(domain) || Families.Contains(domain.Split('.', 2)[0]);
}
