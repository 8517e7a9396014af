using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Api.Mail;

/// <summary>Where a page of decisions ended, as it stands in an address.</summary>
internal static class DecisionCursor
{
    public static string Write(LedgerMark mark) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
        new Ended(mark.ReceivedOn, mark.Place.Mailbox.Value, mark.Place.Folder, mark.Place.Item)));

    public static bool TryRead(string text, [NotNullWhen(true)] out LedgerMark? mark)
    {
        mark = null;
        if (!Base64Url.IsValid(text))
        {
            return false;
        }

        try
        {
            mark = JsonSerializer.Deserialize<Ended>(Base64Url.DecodeFromChars(text)) is { Folder: { } folder, Item: { } item } ended &&
                EmailAddress.TryParse(ended.Mailbox, out var mailbox)
                    ? new LedgerMark(ended.ReceivedOn.ToUniversalTime(), new SightingPlace(mailbox, folder, item))
                    : null;
        }
        catch (JsonException)
        {
            return false;
        }

        return mark is not null;
    }

    private sealed record Ended(DateTimeOffset ReceivedOn, string? Mailbox, string? Folder, string? Item);
}
