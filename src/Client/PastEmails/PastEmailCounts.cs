using System.Collections.Immutable;

namespace EmailTracking.Client.PastEmails;

/// <summary>What loading past emails came to.</summary>
/// <param name="Delivered">Rows that were delivered.</param>
/// <param name="New">Emails that became activities by it.</param>
/// <param name="About">Emails of which it was said what they are about.</param>
/// <param name="Failed">Rows of which something failed.</param>
/// <param name="Failures">The first thousand of them, by line.</param>
internal sealed record PastEmailCounts(long Delivered, long New, long About, long Failed, ImmutableArray<string> Failures);
