using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EmailTracking.Tracking.Mail;

/// <summary>What an email, or an id that a mail names, is known by: 128 bits of SHA-256.</summary>
/// <remarks>
/// Computed from the Message-ID; from sender, recipients, date and subject when there is none (headers only, so that a mailbox
/// and an import agree); from id, sender, date and base subject for a <em>variant</em>, other mail under an id that is taken;
/// from the id for a <em>sent</em> copy, where that is an activity of its own; from the first 22 bytes of a Thread-Index for the
/// conversation it starts. Each kind has its own prefix, so kinds never meet.
/// </remarks>
[GenerateSerializer, Immutable, Alias("MessageKey")]
public readonly record struct MessageKey : IComparable<MessageKey>
{
    /// <summary>The size of a stored key, in bytes.</summary>
    public const int Size = 16;

    private MessageKey(ulong high, ulong low)
    {
        High = high;
        Low = low;
    }

    [Id(0)]
    internal ulong High { get; }

    [Id(1)]
    internal ulong Low { get; }

    /// <summary>The key of a Message-ID.</summary>
    public static MessageKey Of(MessageId id) => Digest("id", id.Value);

    /// <summary>The key of a mail without a usable Message-ID.</summary>
    /// <param name="sender">The From address, else the text that stands there.</param>
    /// <param name="recipients">To and Cc, in any order.</param>
    /// <param name="sentOn">The Date header.</param>
    /// <param name="subject">The decoded subject.</param>
    public static MessageKey OfHeaders(string sender, IEnumerable<string> recipients, DateTimeOffset? sentOn, string subject) =>
        Digest("headers", sender, string.Join('\n', recipients.Order(StringComparer.Ordinal)), Stamp(sentOn), subject);

    /// <summary>The key of other mail under an id that is taken.</summary>
    public static MessageKey OfVariant(MessageKey id, string sender, DateTimeOffset? sentOn, string baseSubject) =>
        Digest("variant", id.ToString(), sender, Stamp(sentOn), baseSubject);

    /// <summary>The key of the copy that its sender kept, where that is an activity of its own.</summary>
    /// <param name="id">The key of its Message-ID.</param>
    public static MessageKey OfSent(MessageKey id) => Digest("sent", id.ToString());

    /// <summary>The key of a conversation's Thread-Index header block.</summary>
    /// <param name="root">The first 22 bytes ([MS-OXOMSG] 2.2.1.3).</param>
    public static MessageKey OfThreadIndex(ReadOnlySpan<byte> root) => Digest("index", Convert.ToHexStringLower(root));

    /// <summary>Reads a stored key.</summary>
    /// <exception cref="ArgumentException">The value is not 16 bytes long.</exception>
    public static MessageKey FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new MessageKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))
        : throw new ArgumentException($"A message key has {Size} bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>Reads a key as <see cref="ToString"/> writes it.</summary>
    public static bool TryParse(string? text, out MessageKey key)
    {
        key = default;
        var bytes = new byte[Size];
        if (text is not { Length: 2 * Size } || Convert.FromHexString(text, bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        key = FromBytes(bytes);
        return true;
    }

    /// <summary>The stored form: 16 bytes, which sort as the keys do.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), Low);
        return bytes;
    }

    /// <inheritdoc/>
    public int CompareTo(MessageKey other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";

    /// <summary>Whether the left key sorts first.</summary>
    public static bool operator <(MessageKey left, MessageKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left key sorts last.</summary>
    public static bool operator >(MessageKey left, MessageKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left key sorts first, or both are the same.</summary>
    public static bool operator <=(MessageKey left, MessageKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left key sorts last, or both are the same.</summary>
    public static bool operator >=(MessageKey left, MessageKey right) => left.CompareTo(right) >= 0;

    private static string Stamp(DateTimeOffset? sentOn) => sentOn is { } date ? date.ToUnixTimeSeconds().ToString("d") : "none";

    // Lengths go in front of the parts, so that no two lists of parts read the same.
    private static MessageKey Digest(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part.Length).Append(':').Append(part);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return FromBytes(hash[..Size]);
    }
}
