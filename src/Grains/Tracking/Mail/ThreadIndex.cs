namespace EmailTracking.Tracking.Mail;

/// <summary>A Thread-Index header in Microsoft's form: which conversation, and how deep in it.</summary>
/// <remarks>Source: [MS-OXOMSG] 2.2.1.3: 22 bytes (reserved 0x01, time, GUID), then 5 bytes for each reply.</remarks>
/// <param name="Root">The key of the first 22 bytes.</param>
/// <param name="Depth">Replies below the first mail: 0 for the first mail itself.</param>
[GenerateSerializer, Immutable, Alias("ThreadIndex")]
public readonly record struct ThreadIndex([property: Id(0)] MessageKey Root, [property: Id(1)] int Depth)
{
    private const int RootBytes = 22;
    private const int BlockBytes = 5;
    private const int TextMax = 4096;

    /// <summary>Reads the header's base64 text.</summary>
    /// <returns>False for an absent header and for other programs' forms (Zimbra writes 22 bytes of its own).</returns>
    public static bool TryParse(string? header, out ThreadIndex index)
    {
        index = default;
        if (string.IsNullOrWhiteSpace(header) || header.Length > TextMax)
        {
            return false;
        }

        var text = string.Concat(header.Where(c => !char.IsWhiteSpace(c)));
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            return false;
        }

        if (length < RootBytes || (length - RootBytes) % BlockBytes != 0 || bytes[0] != 0x01)
        {
            return false;
        }

        index = new ThreadIndex(MessageKey.OfThreadIndex(bytes.AsSpan(0, RootBytes)), (length - RootBytes) / BlockBytes);
        return true;
    }
}
