namespace EmailTracking.Listing;

/// <summary>Where an email stands in every list: by its date to the second, and among those of one second by its row.</summary>
/// <remarks>One number, so that a page begins behind the last one of the page before, whatever arrives meanwhile.</remarks>
public static class ListPosition
{
    private const int RowBits = 20;

    /// <summary>The position of an email: seconds since 1970 in the upper 44 bits, the row's lowest bits below.</summary>
    /// <param name="sentOn">Its date; null when it has none.</param>
    /// <param name="receivedOn">When it was received: it stands for a date that is absent, or that lies behind it.</param>
    /// <param name="row">Its row number.</param>
    public static long Of(DateTimeOffset? sentOn, DateTimeOffset receivedOn, long row) =>
        Start(sentOn is { } sent && sent <= receivedOn ? sent : receivedOn) | (row & ((1L << RowBits) - 1));

    /// <summary>The first position of a second.</summary>
    public static long Start(DateTimeOffset second) => second.ToUnixTimeSeconds() << RowBits;

    /// <summary>Whether two positions are of one second.</summary>
    public static bool IsSameSecond(long one, long other) => one >> RowBits == other >> RowBits;
}
