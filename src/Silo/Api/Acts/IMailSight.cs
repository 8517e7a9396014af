using System.Collections.Immutable;
using EmailTracking.Access;

namespace EmailTracking.Silo.Api.Acts;

/// <summary>Tells which mail somebody may do something with who may not do it with all.</summary>
internal interface IMailSight
{
    /// <summary>Of emails and conversations that somebody wants to do something with, the first that is not theirs.</summary>
    /// <param name="who">Somebody.</param>
    /// <param name="names">Message-IDs, activity ids, message keys and conversation ids.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Null when all are theirs. What nobody ever saw is nobody's.</returns>
    Task<string?> FindForeignAsync(Principal who, ImmutableArray<string> names, CancellationToken cancellationToken);
}
