using System.Collections.Immutable;

namespace EmailTracking.Tracking.Mail;

/// <summary>One email out of its copies: lists and gateways change headers, and no copy may count more for being read first.</summary>
/// <remarks>
/// Content is that of the copy with the smallest digest; claims and ground are those of all, the date the earliest. So the order
/// in which copies are joined makes no difference, and joining a copy again changes nothing. A token that was believed stays one,
/// whichever copy carried it.
/// </remarks>
public static class Copies
{
    /// <summary>What the email says once both copies are known.</summary>
    /// <param name="known">The email as known so far.</param>
    /// <param name="knownDigest">The digest of the copy that stands for it so far.</param>
    /// <param name="copy">What another copy says.</param>
    /// <param name="copyDigest">That copy's digest.</param>
    public static ThreadFacts Join(ThreadFacts known, MessageKey knownDigest, ThreadFacts copy, MessageKey copyDigest)
    {
        var (main, other) = knownDigest <= copyDigest ? (known, copy) : (copy, known);
        return main with
        {
            Key = known.Key,
            IdKey = known.IdKey,
            SentOn = Earlier(main.SentOn, other.SentOn),
            Claims = Join(main.Claims, other.Claims),
            IndexDepth = Math.Max(main.IndexDepth, other.IndexDepth),
            Voice = main.Voice.Union(other.Voice),
            Ground = main.Ground.Union(other.Ground),
            SenderIsUser = main.SenderIsUser,
        };
    }

    /// <summary>The email with what only copies name that do not count for it.</summary>
    /// <param name="mail">What the sender's own copies say.</param>
    /// <param name="relayed">What copies name where a list wrote its own address into From.</param>
    public static ThreadFacts WithRelayed(ThreadFacts mail, IEnumerable<Claim> relayed)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return mail with { Claims = AddRelayed(mail.Claims, relayed.Where(claim => claim.Key != mail.IdKey)) };
    }

    /// <summary>Whether a list put its own address into From, as lists do where the sender's domain forbids to pass mail on.</summary>
    /// <param name="facts">What the copy says.</param>
    /// <param name="sender">Its From address.</param>
    public static bool IsRelayed(ThreadFacts facts, EmailAddress? sender) => sender is { } address && facts.Ground.HasList(address);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other : one;

    private static ImmutableArray<Claim> Join(ImmutableArray<Claim> main, ImmutableArray<Claim> other)
    {
        var own = main.Where(claim => claim.Kind is not (ClaimKind.OtherCopy or ClaimKind.Token or ClaimKind.Relayed)).ToImmutableArray();
        var tokens = main.Concat(other).Where(claim => claim.Kind == ClaimKind.Token).Select(claim => claim.Key)
            .Except(own.Select(claim => claim.Key))
            .Order()
            .Select(key => new Claim(key, ClaimKind.Token));
        ImmutableArray<Claim> stronger = [.. own, .. tokens];
        var foreign = main.Concat(other).Where(claim => claim.Kind != ClaimKind.Relayed).Select(claim => claim.Key)
            .Except(stronger.Select(claim => claim.Key))
            .Order()
            .Select(key => new Claim(key, ClaimKind.OtherCopy));
        return AddRelayed([.. stronger, .. foreign], main.Concat(other).Where(claim => claim.Kind == ClaimKind.Relayed));
    }

    private static ImmutableArray<Claim> AddRelayed(ImmutableArray<Claim> claims, IEnumerable<Claim> relayed)
    {
        var own = claims.Where(claim => claim.Kind != ClaimKind.Relayed).ToImmutableArray();
        return
        [
            .. own,
            .. claims.Concat(relayed).Select(claim => claim.Key)
                .Except(own.Select(claim => claim.Key))
                .Order()
                .Select(key => new Claim(key, ClaimKind.Relayed)),
        ];
    }
}
