using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Storage;

/// <summary>What was decided of every copy that was seen, tracked or not. Reading only.</summary>
public interface IDecisionLedger
{
    /// <summary>Decisions, newest first: by (received, mailbox, folder, item).</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<LedgerPage> ReadAsync(string organization, LedgerQuery query, CancellationToken cancellationToken = default);

    /// <summary>Adds decisions up by hour, outcome and how long they took.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<DecisionSums> SumAsync(string organization, SumQuery query, CancellationToken cancellationToken = default);
}

/// <summary>Which decisions to show; every condition that is given must hold.</summary>
[GenerateSerializer, Immutable, Alias("LedgerQuery")]
public sealed record LedgerQuery
{
    /// <summary>The most decisions of a page.</summary>
    public const int PageMax = 200;

    /// <summary>So many decisions are looked at for one page. What is rare takes several pages, which may be short or empty.</summary>
    public const int LookedAtMax = 20_000;

    /// <summary>Decisions in these mailboxes; null: in all.</summary>
    [Id(0)]
    public ImmutableArray<EmailAddress>? Mailboxes { get; init; }

    /// <summary>Whether the copy is a reason for its email to be tracked, and nobody keeps that out; null: no condition.</summary>
    [Id(1)]
    public bool? IsTracked { get; init; }

    /// <summary>One of these reasons; empty: no condition.</summary>
    [Id(2)]
    public ImmutableArray<ReasonCode> Reasons { get; init; } = [];

    /// <summary>Received on or after; UTC.</summary>
    [Id(3)]
    public DateTimeOffset? From { get; init; }

    /// <summary>Received before; UTC.</summary>
    [Id(4)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Behind this decision (<see cref="LedgerPage.Next"/>); null: from the newest.</summary>
    [Id(5)]
    public LedgerMark? Before { get; init; }

    /// <summary>How many at most, 1 to <see cref="PageMax"/>.</summary>
    [Id(6)]
    public int CountMax { get; init; } = 50;

    /// <summary>Whether what was decided is looked at, not only where and when.</summary>
    public bool IsSelective => IsTracked is not null || !Reasons.IsEmpty;

    /// <summary>How many decisions are looked at in each mailbox.</summary>
    /// <param name="mailboxes">In how many.</param>
    public int LookedAt(int mailboxes) =>
        Math.Clamp(LookedAtMax / Math.Max(1, mailboxes), 1, IsSelective ? LookedAtMax : CountMax + 1);

    /// <summary>Whether a decision meets the conditions on what was decided.</summary>
    public bool Matches(LedgerRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return (IsTracked is not { } isTracked || isTracked == (row.Outcome == Outcome.Tracked)) && (Reasons.IsEmpty || Reasons.Contains(row.Reason));
    }
}

/// <summary>Where a page of decisions ended.</summary>
/// <param name="ReceivedOn">When the copy of its last decision was received; UTC.</param>
/// <param name="Place">Where that lay.</param>
[GenerateSerializer, Immutable, Alias("LedgerMark")]
public sealed record LedgerMark([property: Id(0)] DateTimeOffset ReceivedOn, [property: Id(1)] SightingPlace Place);

/// <summary>A page of decisions.</summary>
/// <param name="Rows">The decisions, newest first.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
[GenerateSerializer, Immutable, Alias("LedgerPage")]
public sealed record LedgerPage([property: Id(0)] ImmutableArray<LedgerRow> Rows, [property: Id(1)] LedgerMark? Next)
{
    /// <summary>Makes a page of what was looked at.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="looked">
    /// Decisions, newest first: those that meet the conditions, and of each mailbox where there may be more the last that was looked at,
    /// marked so.
    /// </param>
    public static LedgerPage Of(LedgerQuery query, IEnumerable<(LedgerRow Row, bool IsLast)> looked)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(looked);
        var rows = ImmutableArray.CreateBuilder<LedgerRow>();
        foreach (var (row, isLast) in looked)
        {
            if (rows.Count == query.CountMax)
            {
                return new LedgerPage(rows.ToImmutable(), rows[^1].Mark);
            }

            if (query.Matches(row))
            {
                rows.Add(row);
            }

            // Behind it lies what was not looked at, which may be newer than what was found in other mailboxes.
            if (isLast)
            {
                return new LedgerPage(rows.DrainToImmutable(), row.Mark);
            }
        }

        return new LedgerPage(rows.DrainToImmutable(), null);
    }
}

/// <summary>What was decided of one copy.</summary>
[GenerateSerializer, Immutable, Alias("LedgerRow")]
public sealed record LedgerRow
{
    /// <summary>What its email is known by.</summary>
    [Id(0)]
    public required MessageKey Email { get; init; }

    /// <summary>activityid; null when no copy of the email was ever tracked.</summary>
    [Id(1)]
    public Guid? ActivityId { get; init; }

    /// <summary>Where it lay when it was decided.</summary>
    [Id(2)]
    public required SightingPlace Place { get; init; }

    /// <summary>What was decided: for a tracked email that people keep out <see cref="Outcome.Skipped"/>.</summary>
    [Id(3)]
    public required Outcome Outcome { get; init; }

    /// <summary>Why; for an email that people keep out, why they do.</summary>
    [Id(4)]
    public required ReasonCode Reason { get; init; }

    /// <summary>The version of the settings that were in force.</summary>
    [Id(5)]
    public required long SettingsVersion { get; init; }

    /// <summary>When the copy was received; UTC.</summary>
    [Id(6)]
    public required DateTimeOffset ReceivedOn { get; init; }

    /// <summary>When it was last decided; UTC.</summary>
    [Id(7)]
    public required DateTimeOffset DecidedOn { get; init; }

    /// <summary>Whether it was read as old mail.</summary>
    [Id(8)]
    public required bool IsBackfill { get; init; }

    /// <summary>Its place in the ledger.</summary>
    public LedgerMark Mark => new(ReceivedOn, Place);
}
