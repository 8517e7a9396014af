using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Threads;

/// <summary>What a person said of who belongs together: the mails of a side do, and no two sides do.</summary>
/// <remarks>
/// A merge has one side, a split two. A merge that is undone parts again what it joined, and a split that is undone joins again what
/// it parted, so that everybody is back where they were whatever came in between.
/// </remarks>
/// <param name="On">When it was said; the latest word counts.</param>
/// <param name="Act">Breaks ties.</param>
/// <param name="Sides">The keys of the mails of each side, the ones that were named first.</param>
public sealed record Ruling(DateTimeOffset On, Guid Act, ImmutableArray<ImmutableArray<MessageKey>> Sides);
