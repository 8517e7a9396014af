using System.Buffers;
using System.Buffers.Text;
using System.Text;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.PastEmails;

/// <summary>Reads Dataverse's column <c>conversationindex</c>: exports write its bytes as hexadecimal digits or as base64.</summary>
internal static class ConversationIndex
{
    /// <summary>The value of a Thread-Index header; null when there is none, or when it is another program's own.</summary>
    /// <exception cref="FormatException">It is neither hexadecimal digits nor base64.</exception>
    public static string? Read(string? text)
    {
        if (text is null)
        {
            return null;
        }

        // Every other digit text is base64 as well: what has the form of an index in hexadecimal digits is one.
        if (text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) && Written(Convert.FromHexString(text)) is { } index)
        {
            return index;
        }

        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(Encoding.UTF8.GetByteCount(text))];
        return Base64.DecodeFromUtf8(Encoding.UTF8.GetBytes(text), bytes, out _, out var count) == OperationStatus.Done
            ? Written(bytes[..count])
            : throw new FormatException("conversationindex is neither base64 nor hexadecimal digits. Leave it blank if it is unknown.");
    }

    private static string? Written(byte[] bytes) =>
        Convert.ToBase64String(bytes) is var index && ThreadIndex.TryParse(index, out _) ? index : null;
}
