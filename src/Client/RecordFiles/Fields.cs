using System.Globalization;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.RecordFiles;

/// <summary>From the text of a field to its value; what is none is said with the field's name.</summary>
/// <remarks>All of them throw <see cref="FormatException"/> with what is wrong.</remarks>
internal static class Fields
{
    public static EmailAddress Address(string field, string? text) => EmailAddress.TryParse(text, out var address)
        ? address
        : throw new FormatException(text is null ? $"{field} is missing." : $"{field} '{text}' is no address such as ana@contoso.com.");

    public static Guid Id(string field, string text) => Guid.TryParse(text, out var id) && id != Guid.Empty
        ? id
        : throw new FormatException($"{field} '{text}' is no id such as 3f2504e0-4f89-11d3-9a0c-0305e82c3301.");

    public static RecordReference Reference(string field, string text) =>
        RecordReference.TryParse(text.ToLowerInvariant(), out var reference)
            ? new RecordReference(FieldNames.Of(reference.LogicalName), reference.Id)
            : throw new FormatException($"{field} '{text}' is no record such as contact/3f2504e0-4f89-11d3-9a0c-0305e82c3301.");

    public static DateTimeOffset Date(string field, string text)
    {
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, styles, out var date)
            ? date
            : throw new FormatException($"{field} is a date such as 2026-01-31T08:00:00Z, not '{text}'.");
    }

    public static bool Flag(string field, string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" => false,
        _ => throw new FormatException($"{field} is true or false, not '{text}'."),
    };
}
