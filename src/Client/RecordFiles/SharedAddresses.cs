using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.RecordFiles;

/// <summary>Counts the records of each address of a file, to tell those that so many share that nobody is meant.</summary>
internal sealed class SharedAddresses
{
    private const int ShownMax = 10;

    // 64 bits of each address: of millions of addresses their texts would be most of the memory.
    private readonly Dictionary<ulong, int> _counts = [];
    private readonly Dictionary<EmailAddress, int> _many = [];

    /// <summary>Those of more than <see cref="Parties.MatchesMax"/> records, with how many, most first.</summary>
    public ImmutableArray<(string Address, int Records)> Most =>
    [
        .. _many.OrderByDescending(one => one.Value)
            .ThenBy(one => one.Key.Value, StringComparer.Ordinal)
            .Take(ShownMax)
            .Select(one => (one.Key.Value, one.Value)),
    ];

    public void Count(EmailAddress address)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(address.Value), hash);
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, BinaryPrimitives.ReadUInt64BigEndian(hash), out _);
        if (++count > Parties.MatchesMax)
        {
            _many[address] = count;
        }
    }

    /// <summary>Keeps what many share, and no more.</summary>
    public void Forget()
    {
        _counts.Clear();
        _counts.TrimExcess();
    }
}
