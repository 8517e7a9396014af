using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Storage;

/// <summary>Which decisions to add up.</summary>
/// <param name="Mailboxes">Those in these mailboxes; null: in all.</param>
/// <param name="From">Of copies that were received on or after; UTC.</param>
/// <param name="Until">Of copies that were received before; UTC.</param>
public sealed record SumQuery(ImmutableArray<EmailAddress>? Mailboxes, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>So many decisions are looked at in all, the newest of each mailbox.</summary>
    public const int LookedAtMax = 100_000;

    /// <summary>However many mailboxes there are, so many decisions are looked at in each.</summary>
    public const int LookedAtMin = 100;

    /// <summary>How many decisions are looked at in each mailbox.</summary>
    /// <param name="mailboxes">In how many.</param>
    public static int LookedAt(int mailboxes) => Math.Max(LookedAtMin, LookedAtMax / Math.Max(1, mailboxes));
}

/// <summary>Decisions that are alike.</summary>
/// <param name="Hour">The hour in which the copies were received: when it begins; UTC.</param>
/// <param name="Outcome">What was decided; what people did later does not count.</param>
/// <param name="Delay">From when a copy was received until it was last decided, in tenths of a second; null unless tracked, and of old mail.</param>
/// <param name="Count">How many.</param>
[GenerateSerializer, Immutable, Alias("DecisionSum")]
public sealed record DecisionSum(
    [property: Id(0)] DateTimeOffset Hour, [property: Id(1)] Outcome Outcome, [property: Id(2)] long? Delay, [property: Id(3)] long Count);

/// <summary>Decisions, added up.</summary>
/// <param name="Sums">In no order; of one kind there may be several.</param>
/// <param name="IsWhole">Whether all were looked at; false: there are more.</param>
[GenerateSerializer, Immutable, Alias("DecisionSums")]
public sealed record DecisionSums([property: Id(0)] ImmutableArray<DecisionSum> Sums, [property: Id(1)] bool IsWhole);
