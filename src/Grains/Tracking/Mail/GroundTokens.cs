using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace EmailTracking.Tracking.Mail;

/// <summary>A set of addresses, domains and lists, as 64-bit digests: what one mail offers others, or has itself, to be told by.</summary>
/// <remarks>
/// Sorted, without repeats, at most <see cref="CountMax"/>. Digests, so that a mail of 10,000 recipients stays small and a
/// snapshot that travels between silos carries no addresses. Equality is by content.
/// </remarks>
[GenerateSerializer, Immutable, Alias("GroundTokens")]
public readonly struct GroundTokens : IEquatable<GroundTokens>
{
    /// <summary>How many are kept of one mail: sender first, then recipients in order, then lists.</summary>
    public const int CountMax = 4096;

    /// <summary>How many recipients may stand for a list that the mail was sent to.</summary>
    private const int ListRecipientsMax = 50;

    [Id(0)]
    private readonly ImmutableArray<ulong> _tokens;

    private GroundTokens(ImmutableArray<ulong> tokens) => _tokens = tokens;

    /// <summary>No token at all.</summary>
    public static GroundTokens None => new([]);

    /// <summary>How many there are.</summary>
    public int Count => Tokens.Length;

    private ImmutableArray<ulong> Tokens => _tokens.IsDefault ? [] : _tokens;

    /// <summary>What a mail is told by: its sender, the sender's domain (free-mail domains never), the lists it was sent to.</summary>
    /// <param name="sender">The From address; null when there is none that can be read.</param>
    /// <param name="recipients">To and Cc in order: a list often shows only there.</param>
    /// <param name="lists">List-Id and List-Post (RFC 2919, RFC 2369), as <see cref="ListName"/> writes them.</param>
    public static GroundTokens VoiceOf(EmailAddress? sender, IEnumerable<EmailAddress> recipients, IEnumerable<string> lists) => From(
        Concat(
            sender is { } one ? Of(one) : [],
            lists.Select(list => Token('l', list)),
            recipients.Take(ListRecipientsMax).Select(recipient => Token('l', ListName(recipient.Value)))));

    /// <summary>What a mail gives others to stand on: everyone in it, their domains, the lists that carried it.</summary>
    /// <inheritdoc cref="VoiceOf"/>
    public static GroundTokens GroundOf(EmailAddress? sender, IEnumerable<EmailAddress> recipients, IEnumerable<string> lists) => From(
        Concat(
            sender is { } one ? Of(one) : [],
            lists.Select(list => Token('l', list)),
            recipients.SelectMany(Of)));

    /// <summary>One spelling for a list: <c>dev.lists.example.org</c> for its List-Id and for <c>dev@lists.example.org</c>.</summary>
    public static string ListName(string list) => list.Trim().ToLowerInvariant().Replace('@', '.');

    /// <summary>Reads the stored form.</summary>
    public static GroundTokens FromBytes(ReadOnlySpan<byte> bytes)
    {
        var tokens = ImmutableArray.CreateBuilder<ulong>(bytes.Length / sizeof(ulong));
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            tokens.Add(BinaryPrimitives.ReadUInt64BigEndian(bytes));
        }

        return new GroundTokens(tokens.DrainToImmutable());
    }

    /// <summary>The stored form: 8 bytes a token, in order.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Count * sizeof(ulong)];
        for (var i = 0; i < Count; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)), Tokens[i]);
        }

        return bytes;
    }

    /// <summary>Every token, in order.</summary>
    public IEnumerable<ulong> All() => Tokens;

    /// <summary>Whether the two sets have a token in common.</summary>
    public bool Meets(GroundTokens other)
    {
        for (int mine = 0, theirs = 0; mine < Count && theirs < other.Count;)
        {
            var order = Tokens[mine].CompareTo(other.Tokens[theirs]);
            if (order == 0)
            {
                return true;
            }

            mine += order < 0 ? 1 : 0;
            theirs += order > 0 ? 1 : 0;
        }

        return false;
    }

    /// <summary>Whether a list of this address carried the mail.</summary>
    /// <param name="address">The address that one writes to.</param>
    public bool HasList(EmailAddress address) => Tokens.BinarySearch(Token('l', ListName(address.Value))) >= 0;

    /// <summary>Whether the address itself is in the set, not its domain alone.</summary>
    public bool HasAddress(EmailAddress address) => Tokens.BinarySearch(Token('a', address.Value)) >= 0;

    /// <summary>Both sets in one.</summary>
    public GroundTokens Union(GroundTokens other) => From(Tokens.Concat(other.Tokens));

    /// <inheritdoc/>
    public bool Equals(GroundTokens other) => Tokens.AsSpan().SequenceEqual(other.Tokens.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GroundTokens other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Count == 0 ? 0 : HashCode.Combine(Count, Tokens[0], Tokens[^1]);

    /// <summary>Whether both hold the same tokens.</summary>
    public static bool operator ==(GroundTokens left, GroundTokens right) => left.Equals(right);

    /// <summary>Whether one holds a token that the other lacks.</summary>
    public static bool operator !=(GroundTokens left, GroundTokens right) => !left.Equals(right);

    private static IEnumerable<ulong> Of(EmailAddress address)
    {
        yield return Token('a', address.Value);
        if (!FreeMail.Hosts(address.Domain))
        {
            yield return Token('d', address.Domain);
        }
    }

    private static IEnumerable<ulong> Concat(params IEnumerable<ulong>[] parts) => parts.SelectMany(part => part);

    private static GroundTokens From(IEnumerable<ulong> tokens) => new([.. tokens.Distinct().Take(CountMax).Order()]);

    private static ulong Token(char kind, string value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(kind + ":" + value), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
