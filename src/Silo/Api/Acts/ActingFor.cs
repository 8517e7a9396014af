using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Api.Acts;

/// <summary>Says who does something by hand, and for whom: <c>Ana (subject:…) for ben@contoso.com</c>.</summary>
internal static class ActingFor
{
    private const string For = " for ";
    private const int ByMax = 200;

    /// <summary>Them as they are written down.</summary>
    /// <param name="visitor">Who.</param>
    /// <param name="mailboxes">The mailboxes for whose owners they act as a delegate; none when the mail is their own.</param>
    public static string By(Visitor visitor, ImmutableArray<EmailAddress> mailboxes)
    {
        var by = visitor.Author(null).By + Suffix(mailboxes);
        return by.Length > ByMax ? by[..ByMax] : by;
    }

    /// <summary>Whether something was done by them, for whomever.</summary>
    public static bool IsBy(string by, Visitor visitor)
    {
        var own = visitor.Author(null).By;
        return by == own || by.StartsWith(own + For, StringComparison.Ordinal);
    }

    /// <summary>Them in the audit log.</summary>
    public static Principal Named(Principal principal, ImmutableArray<EmailAddress> mailboxes) =>
        principal with { Name = principal.Name + Suffix(mailboxes) };

    private static string Suffix(ImmutableArray<EmailAddress> mailboxes) =>
        mailboxes.IsEmpty ? "" : For + string.Join(", ", mailboxes);
}
