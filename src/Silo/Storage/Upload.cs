namespace EmailTracking.Silo.Storage;

/// <summary>Puts the staged parts of an upload together.</summary>
internal static class Upload
{
    /// <summary>The longest part, in bytes.</summary>
    public const int PartBytesMax = 1 << 20;

    /// <summary>The longest upload, in bytes: the largest mail that is taken, and what wraps it.</summary>
    public const long BytesMax = 256L << 20;

    /// <exception cref="ArgumentException">The part is empty or too long, or lies outside what an upload may hold.</exception>
    public static void Check(long offset, ReadOnlyMemory<byte> part)
    {
        if (part.Length is 0 or > PartBytesMax)
        {
            throw new ArgumentException($"A part has 1 to {PartBytesMax} bytes, not {part.Length}.", nameof(part));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, BytesMax - part.Length);
    }

    /// <summary>The whole of it; parts may overlap, for a client that goes on with parts of another size.</summary>
    /// <param name="parts">By position.</param>
    /// <param name="length">The length of the upload, in bytes.</param>
    /// <returns>Null when bytes are missing.</returns>
    public static ReadOnlyMemory<byte>? Join(IEnumerable<(long Position, byte[] Body)> parts, long length)
    {
        if (length is < 0 or > BytesMax)
        {
            return null;
        }

        var whole = new byte[length];
        long end = 0;
        foreach (var (position, body) in parts)
        {
            if (position > end || position + body.Length > length)
            {
                return null;
            }

            body.CopyTo(whole.AsSpan((int)position));
            end = Math.Max(end, position + body.Length);
        }

        return end == length ? whole.AsMemory() : default(ReadOnlyMemory<byte>?);
    }
}
