namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>The pieces of messages that the library hands out.</summary>
internal static class Pieces
{
    /// <summary>Everything that is in a piece, which lies in memory already.</summary>
    internal static byte[] BytesOf(Stream piece)
    {
        var bytes = new byte[piece.Length];
        piece.Position = 0;
        piece.ReadExactly(bytes);
        return bytes;
    }
}
