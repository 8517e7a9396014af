using System.Collections.Immutable;

namespace EmailTracking.Tracking.Mail;

/// <summary>An address, or a domain with all below it, on a list of a person or an organization.</summary>
/// <remarks>Shape: <c>ana@contoso.com</c> or <c>contoso.com</c>, compared as addresses are: lower case, domains in ASCII form.</remarks>
public static class AddressPattern
{
    /// <summary>Reads one pattern.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pattern">The pattern as it is compared.</param>
    /// <returns>False for what is neither an address nor a domain.</returns>
    public static bool TryParse(string text, out string pattern)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isDomain = !text.Contains('@', StringComparison.Ordinal);
        var read = EmailAddress.TryParse(isDomain ? $"x@{text.Trim()}" : text, out var address);
        pattern = isDomain ? address.Value?[2..] ?? "" : address.Value ?? "";
        return read && (!isDomain || pattern.Contains('.', StringComparison.Ordinal));
    }

    /// <summary>Whether an address is on a list.</summary>
    /// <param name="patterns">Patterns as <see cref="TryParse"/> gives them.</param>
    /// <param name="address">The address; nobody is on no list.</param>
    public static bool Match(ImmutableArray<string> patterns, EmailAddress? address) =>
        address is { } one && patterns.Any(pattern => pattern.Contains('@', StringComparison.Ordinal)
            ? one.Value == pattern
            : one.Domain == pattern || one.Domain.EndsWith('.' + pattern, StringComparison.Ordinal));
}
