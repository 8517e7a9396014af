using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Pages;

/// <summary>What a browser may do with a page (https://www.w3.org/TR/CSP3/): as little as Blazor and the component library can do with.</summary>
/// <param name="Nonce">What a style element of this page bears; 128 random bits.</param>
internal sealed record PagePolicy(string Nonce)
{
    /// <summary>Gives a page its policy.</summary>
    public static void Set(HttpContext context)
    {
        var policy = new PagePolicy(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        context.Features.Set(policy);
        context.Response.Headers.ContentSecurityPolicy = policy.ToString();
    }

    /// <summary>The header. Beside what all answers allow:</summary>
    /// <remarks>
    /// style-src-attr: components place and size their parts by style attributes. An attribute styles its own element alone, and cannot load
    /// anything, since img-src and font-src name nobody else. The nonce is for the one style element by which the component library
    /// finds out what the browser can do; its other styles are constructed by script, which is not restricted.
    /// base-uri: Blazor finds its connection and its files by the base of the document, wherever in the pages one begins.
    /// img-src: the icon. trusted-types: pages/trust.js, and the component library's templates.
    /// </remarks>
    public override string ToString() =>
        $"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{Nonce}'; style-src-attr 'unsafe-inline'; img-src 'self'; " +
        "connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
        "trusted-types default fast-html";
}
