using System.Collections.Immutable;

namespace EmailTracking.Tracking.Mail;

/// <summary>An address, or a domain with all below it, on a list of a person or an organization.</summary>
/// <remarks>Shape: <c>ana@contoso.com</c> or <c>contoso.com</c>, compared as addresses are: lower case, domains in ASCII form.</remarks>
public static class AddressPattern
{
    private const int LabelsMax = 128;

    /// <summary>Reads one pattern.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pattern">The pattern as it is compared.</param>
    /// <returns>False for what is neither an address nor a domain.</returns>
    public static bool TryParse(string text, out string pattern)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        var isDomain = !trimmed.Contains('@', StringComparison.Ordinal);

        // "*.contoso.com" is what other programs call a domain with all below it.
        var written = isDomain ? $"x@{(trimmed.StartsWith("*.", StringComparison.Ordinal) ? trimmed[2..] : trimmed)}" : trimmed;
        if (!EmailAddress.TryParse(written, out var address) || !IsDomain(address.Domain))
        {
            pattern = "";
            return false;
        }

        pattern = isDomain ? address.Domain : address.Value;
        return true;
    }

    /// <summary>Whether an address is on a list.</summary>
    /// <param name="patterns">Patterns as <see cref="TryParse"/> gives them, in ordinal order.</param>
    /// <param name="address">The address; nobody is on no list.</param>
    public static bool Match(ImmutableArray<string> patterns, EmailAddress? address)
    {
        if (patterns.IsEmpty || address is not { } one)
        {
            return false;
        }

        if (patterns.BinarySearch(one.Value, StringComparer.Ordinal) >= 0)
        {
            return true;
        }

        // The domain, then each that it lies in. Real names have fewer labels than 128 (RFC 1035 section 2.3.4).
        var domain = one.Domain;
        for (var label = 0; label < LabelsMax; label++)
        {
            if (patterns.BinarySearch(domain, StringComparer.Ordinal) >= 0)
            {
                return true;
            }

            var dot = domain.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                return false;
            }

            domain = domain[(dot + 1)..];
        }

        return false;
    }

    private static bool IsDomain(string domain) => domain.Split('.') is { Length: > 1 } labels && labels.All(label =>
        label.Length > 0 && label.All(one => char.IsLetterOrDigit(one) || one is '-' or '_'));
}
