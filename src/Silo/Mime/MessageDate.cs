using MimeKit.Utils;

namespace EmailTracking.Silo.Mime;

/// <summary>Reads a Date header (RFC 5322 sections 3.3 and 4.3).</summary>
internal static class MessageDate
{
    // The longest legal form has 37 characters; the rest is room for comments.
    private const int BytesMax = 256;

    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The date in UTC; null when it is no date, or none between 1970 and 2099.</summary>
    /// <remarks>Both ends are met in real mail as clocks that were never set; what lies beyond is not even that.</remarks>
    internal static DateTimeOffset? Read(byte[] value) =>
        DateUtils.TryParse(value, 0, Math.Min(value.Length, BytesMax), out var date)
        && date.ToUniversalTime() is var utc && utc >= Earliest && utc < Latest
            ? utc
            : null;
}
