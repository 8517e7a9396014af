using System.Security.Cryptography;
using System.Text;

namespace EmailTracking.Client.RecordFiles;

/// <summary>Ids that are computed from words: the same words give the same id. UUID version 8 over SHA-256 (RFC 9562 appendix B.2).</summary>
internal static class NamedIds
{
    /// <param name="words">Without line ends; what is null counts as empty.</param>
    public static Guid Of(params ReadOnlySpan<string?> words)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', words)));
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
