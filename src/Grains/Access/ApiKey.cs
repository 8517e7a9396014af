using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace EmailTracking.Access;

/// <summary>A key that a program shows at the door. Its secret is nowhere: only a digest of it is stored.</summary>
[GenerateSerializer, Immutable, Alias("ApiKey")]
public sealed record ApiKey
{
    /// <summary>The longest that a key may be valid.</summary>
    public static readonly TimeSpan ValidMax = TimeSpan.FromDays(366);

    /// <summary>How many keys an organization has at most, those that are over included.</summary>
    public const int CountMax = 10_000;

    /// <summary>Its id, 16 hexadecimal digits: what it is listed and revoked by.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>What it is for, 1 to 200 characters.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>What its holder is.</summary>
    [Id(2)]
    public required Role Role { get; init; }

    /// <summary>The user that it stands for; null: none, so no mailbox is its own.</summary>
    [Id(3)]
    public Guid? SystemUser { get; init; }

    /// <summary>Of the role's privileges only these; empty: all of them.</summary>
    [Id(4)]
    public ImmutableArray<Privilege> Scopes { get; init; } = [];

    /// <summary>Who made it.</summary>
    [Id(5)]
    public required string CreatedBy { get; init; }

    /// <summary>When; UTC.</summary>
    [Id(6)]
    public required DateTimeOffset CreatedOn { get; init; }

    /// <summary>From when on it is not taken any more; UTC.</summary>
    [Id(7)]
    public required DateTimeOffset ExpiresOn { get; init; }

    /// <summary>When it was revoked; UTC; null when it was not.</summary>
    [Id(8)]
    public DateTimeOffset? RevokedOn { get; init; }

    /// <summary>Who revoked it; null when nobody did.</summary>
    [Id(9)]
    public string? RevokedBy { get; init; }

    /// <summary>When it was last shown, to within an hour; UTC; null when it never was.</summary>
    [Id(10)]
    public DateTimeOffset? LastUsedOn { get; init; }
}

/// <summary>A key as a program has it: <c>et_</c>, 16 digits of its id, an underscore, and 64 digits of the secret (256 bits).</summary>
public static class KeyText
{
    /// <summary>What every key begins with, so that one that was left somewhere is found.</summary>
    public const string Prefix = "et_";

    private const int IdLength = 16;
    private const int SecretLength = 64;

    /// <summary>The whole key.</summary>
    public static string Of(string id, string secret) => $"{Prefix}{id}_{secret}";

    /// <summary>A new id and a new secret.</summary>
    public static (string Id, string Secret) New() =>
        (RandomNumberGenerator.GetHexString(IdLength, lowercase: true), RandomNumberGenerator.GetHexString(SecretLength, lowercase: true));

    /// <summary>What is stored of a secret: SHA-256, which is enough for 256 bits that nobody chose.</summary>
    public static string Digest(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));

    /// <summary>Takes a key apart.</summary>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(string? text, out string id, out string digest)
    {
        (id, digest) = ("", "");
        if (text is not { Length: 3 + IdLength + 1 + SecretLength } || !text.StartsWith(Prefix, StringComparison.Ordinal) ||
            text[Prefix.Length + IdLength] != '_')
        {
            return false;
        }

        var (given, secret) = (text.Substring(Prefix.Length, IdLength), text[(Prefix.Length + IdLength + 1)..]);
        if (!given.All(char.IsAsciiHexDigitLower) || !secret.All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        (id, digest) = (given, Digest(secret));
        return true;
    }
}

/// <summary>A key that somebody wants.</summary>
/// <param name="Name">What it is for, 1 to 200 characters.</param>
/// <param name="Role">What its holder is.</param>
/// <param name="SystemUser">The user that it stands for; null: none.</param>
/// <param name="Scopes">Of the role's privileges only these; empty: all of them.</param>
/// <param name="ValidFor">How long it is taken, at most <see cref="ApiKey.ValidMax"/>.</param>
/// <param name="By">Who makes it, 1 to 200 characters.</param>
[GenerateSerializer, Immutable, Alias("KeyRequest")]
public sealed record KeyRequest(
    [property: Id(0)] string Name,
    [property: Id(1)] Role Role,
    [property: Id(2)] Guid? SystemUser,
    [property: Id(3)] ImmutableArray<Privilege> Scopes,
    [property: Id(4)] TimeSpan ValidFor,
    [property: Id(5)] string By);

/// <summary>What making a key came to.</summary>
/// <param name="Key">The key; null when it is refused.</param>
/// <param name="Text">The whole key with its secret, now and never again; null when it is refused.</param>
/// <param name="Problem">Why it is refused, and what to do; null when it is not.</param>
[GenerateSerializer, Immutable, Alias("CreatedKey")]
public sealed record CreatedKey([property: Id(0)] ApiKey? Key, [property: Id(1)] string? Text, [property: Id(2)] string? Problem);
