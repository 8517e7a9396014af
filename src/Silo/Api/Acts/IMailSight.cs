using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Api.Acts;

/// <summary>Tells which mail somebody may do something with who may not do it with all.</summary>
internal interface IMailSight
{
    /// <summary>Of emails and conversations that somebody wants to do something with, the first that is not theirs.</summary>
    /// <param name="who">Somebody.</param>
    /// <param name="names">Message-IDs, activity ids, message keys and conversation ids.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Null when all are theirs. What nobody ever saw is nobody's.</returns>
    async Task<string?> FindForeignAsync(Principal who, ImmutableArray<string> names, CancellationToken cancellationToken) =>
        (await LookAsync(who, Privilege.ReadMail, names, cancellationToken)).Foreign;

    /// <summary>The same, with those for whom they do it.</summary>
    /// <param name="who">Somebody.</param>
    /// <param name="privilege">What for.</param>
    /// <param name="names">As for <see cref="FindForeignAsync"/>.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<SeenMail> LookAsync(Principal who, Privilege privilege, ImmutableArray<string> names, CancellationToken cancellationToken);
}

/// <summary>Whose mail it is that somebody wants to do something with.</summary>
/// <param name="Foreign">The first that is not theirs; null when all are.</param>
/// <param name="For">The mailboxes of others of which they are a delegate, and by which alone some of it is theirs.</param>
internal sealed record SeenMail(string? Foreign, ImmutableArray<EmailAddress> For);
