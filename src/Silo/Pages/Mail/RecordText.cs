using EmailTracking.Tracking.Deciding;
using Microsoft.AspNetCore.WebUtilities;

namespace EmailTracking.Silo.Pages.Mail;

/// <summary>A record as people name it: <c>account/ID</c>, or the address of its form in Dynamics 365, which has its table and id.</summary>
/// <remarks>Source: the public documentation of addresses of forms: <c>main.aspx?…&amp;etn=account&amp;id=…</c>, the id with or without braces.</remarks>
internal static class RecordText
{
    /// <summary>Reads it.</summary>
    /// <returns>Null when it names no record.</returns>
    public static RecordReference? Read(string? text)
    {
        text = text?.Trim();
        if (RecordReference.TryParse(text, out var record))
        {
            return record;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            return null;
        }

        var query = QueryHelpers.ParseQuery(address.Query);
        return query.TryGetValue("etn", out var table) && table[0] is { Length: > 0 and <= 128 } name &&
            query.TryGetValue("id", out var id) && Guid.TryParse(id[0], out var parsed)
                ? new RecordReference(name, parsed)
                : null;
    }
}
