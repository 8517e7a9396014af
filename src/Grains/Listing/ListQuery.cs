using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Threads;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Listing;

/// <summary>Which emails to show, newest first; every condition that is given must hold.</summary>
[GenerateSerializer, Immutable, Alias("ListQuery")]
public sealed record ListQuery
{
    /// <summary>The longest text that is searched, in characters.</summary>
    public const int TextMax = 500;

    /// <summary>Counting stops here.</summary>
    public const int CountedMax = 5_000;

    /// <summary>The most emails of a page.</summary>
    public const int PageMax = 1_000;

    /// <summary>The lists that may be seen: only emails that stand in one of them are shown.</summary>
    [Id(0)]
    public required ImmutableArray<Guid> Visible { get; init; }

    /// <summary>The lists that are asked for: only emails that stand in one of them; empty: no condition.</summary>
    [Id(1)]
    public ImmutableArray<Guid> Within { get; init; } = [];

    /// <summary>What is searched, as <see cref="ListTerms.Parse"/> reads it; null: no condition.</summary>
    [Id(2)]
    public string? Text { get; init; }

    /// <summary>correlationmethod.</summary>
    [Id(3)]
    public CorrelationMethod? Method { get; init; }

    /// <summary>directioncode.</summary>
    [Id(4)]
    public bool? IsOutgoing { get; init; }

    /// <summary>Whether it is about a record.</summary>
    [Id(5)]
    public bool? HasRegarding { get; init; }

    /// <summary>The address of a participant.</summary>
    [Id(6)]
    public EmailAddress? Address { get; init; }

    /// <summary>Of this date or later, to the second.</summary>
    [Id(7)]
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this date, to the second.</summary>
    [Id(8)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Where the page before ended (<see cref="ListPage.Next"/>); null: from the newest.</summary>
    [Id(9)]
    public long? Before { get; init; }

    /// <summary>How many at most, 1 to <see cref="PageMax"/>.</summary>
    [Id(10)]
    public int CountMax { get; init; } = 50;

    /// <summary>Whether to count all that meet the conditions, up to <see cref="CountedMax"/>.</summary>
    [Id(11)]
    public bool WithCount { get; init; }

    /// <summary>Whether it is held: its sender took part in none of the mails that it names, and nobody admitted it.</summary>
    [Id(12)]
    public bool? IsHeld { get; init; }

    /// <summary>Whether the lists alone tell, without the search index.</summary>
    public bool IsByListsAlone => Conditions.IsEmpty;

    /// <summary>What the search index is asked besides the lists.</summary>
    public ImmutableArray<SearchTerm> Conditions =>
    [
        .. ListTerms.Parse(Text ?? ""),
        .. Of(Method is { } method ? ListTerms.Of(method) : null),
        .. Of(IsOutgoing is { } isOutgoing ? ListTerms.Outgoing(isOutgoing) : null),
        .. Of(HasRegarding is { } hasRegarding ? ListTerms.Regarding(hasRegarding) : null),
        .. Of(Address is { } address ? ListTerms.Of(address) : null),
        .. IsHeld is { } isHeld ? (SearchTerm[])[new SearchTerm([ListTerms.Held], IsExcluded: !isHeld)] : [],
    ];

    /// <summary>All that the search index is asked.</summary>
    /// <param name="organization">The organization's key.</param>
    public ImmutableArray<SearchTerm> Terms(string organization)
    {
        ImmutableArray<SearchTerm> terms = [.. Conditions, .. InLists(Within), .. SeesAll(organization) ? [] : InLists(Visible)];

        // What is not wanted is left out of something.
        return terms.All(term => term.IsExcluded) ? [.. InLists([EmailLists.Everything(organization)]), .. terms] : terms;
    }

    /// <summary>Whether all emails may be seen.</summary>
    /// <param name="organization">The organization's key.</param>
    public bool SeesAll(string organization) => Visible.Contains(EmailLists.Everything(organization));

    /// <summary>The positions that count: from the first to before the second.</summary>
    public (long From, long Before) Range => (
        From is { } from ? ListPosition.Start(from) : long.MinValue,
        Math.Min(Before ?? long.MaxValue, Until is { } until ? ListPosition.Start(until) : long.MaxValue));

    private static IEnumerable<SearchTerm> Of(string? term) => term is null ? [] : [new SearchTerm([term])];

    private static IEnumerable<SearchTerm> InLists(ImmutableArray<Guid> lists) =>
        lists.IsEmpty ? [] : [new SearchTerm([.. lists.Select(ListTerms.InList)])];
}

/// <summary>A page of emails.</summary>
/// <param name="Emails">The emails, newest first.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
/// <param name="Count">How many there are in all, up to <see cref="ListQuery.CountedMax"/>; null when it was not asked.</param>
[GenerateSerializer, Immutable, Alias("ListPage")]
public sealed record ListPage(
    [property: Id(0)] ImmutableArray<EmailRow> Emails, [property: Id(1)] long? Next, [property: Id(2)] int? Count)
{
    /// <summary>No emails.</summary>
    public static ListPage Empty { get; } = new([], null, 0);
}
