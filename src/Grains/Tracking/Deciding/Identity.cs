using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Whether a mail is one that we have.</summary>
public abstract record Identity
{
    /// <summary>How far the Date headers of two copies may lie apart.</summary>
    public static readonly TimeSpan SameMailDateMax = TimeSpan.FromDays(8);

    private Identity()
    {
    }

    /// <summary>Nobody has shown us mail of this id.</summary>
    public sealed record Unseen : Identity;

    /// <summary>We have it, under this key.</summary>
    public sealed record Known(MessageKey Key) : Identity;

    /// <summary>Other mail under an id that is taken: an activity of its own.</summary>
    public sealed record Variant(MessageKey Key) : Identity;

    /// <summary>The keys of the emails that a mail may be a copy of, tracked or not.</summary>
    /// <returns>
    /// Four: the one of its id, the variant that its content makes, and of both the copy that its sender kept. Whatever the settings:
    /// what was tracked, or done by hand, under others counts all the same.
    /// </returns>
    public static ImmutableArray<MessageKey> KeysOf(EmailFacts mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        var id = mail.Thread.IdKey;
        var variant = MessageKey.OfVariant(id, mail.Sender?.Value ?? "", mail.Thread.SentOn, mail.BaseSubject);
        return [id, variant, MessageKey.OfSent(id), MessageKey.OfSent(variant)];
    }

    /// <summary>Compares a mail with the one that bears its id.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="bearer">The tracked email with the same id; null when there is none.</param>
    /// <remarks>
    /// Same mail: the same id, dates at most eight days apart, and the same sender; or the same base subject, where a list wrote its
    /// own address into From. A copy may differ in all the rest (lists add footers, gateways rewrite). Programs answer under the id
    /// that they answer, and whoever sends mail under another's id takes nobody's place: that is a variant.
    /// </remarks>
    public static Identity Decide(EmailFacts mail, KnownEmail? bearer)
    {
        ArgumentNullException.ThrowIfNull(mail);
        if (bearer is null)
        {
            return new Unseen();
        }

        var near = mail.Thread.SentOn is not { } date || bearer.Facts.SentOn is not { } other ||
            (date - other).Duration() <= SameMailDateMax;
        var sameSender = mail.Sender is { } sender ? bearer.IsFrom(sender) : bearer.Sender is null && BaseSubject.AreSame(mail.BaseSubject, bearer.BaseSubject);
        var relayed = Copies.IsRelayed(mail.Thread, mail.Sender) || bearer.IsRelayed([mail]);
        if (near && (sameSender || (relayed && BaseSubject.AreSame(mail.BaseSubject, bearer.BaseSubject))))
        {
            return new Known(bearer.Facts.Key);
        }

        return new Variant(MessageKey.OfVariant(mail.Thread.Key, mail.Sender?.Value ?? "", mail.Thread.SentOn, mail.BaseSubject));
    }
}
