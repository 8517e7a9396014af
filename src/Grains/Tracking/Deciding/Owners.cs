using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Why an email belongs to whom it does. The numbers are storage format.</summary>
public enum OwnerRule
{
    /// <summary>Nobody is known who could own it.</summary>
    None = 0,

    /// <summary>The owner of the email that it answers is among its recipients.</summary>
    Correlated = 1,

    /// <summary>The owner of the sender's record is among its recipients.</summary>
    SendersOwner = 2,

    /// <summary>The first recipient who may own email.</summary>
    FirstRecipient = 3,

    /// <summary>No recipient may: the owner of the queue that accepted it.</summary>
    AcceptingQueue = 4,

    /// <summary>No recipient may: the user whose mailbox accepted it.</summary>
    AcceptingUser = 5,

    /// <summary>One of our users sent it.</summary>
    Sender = 6,
}

/// <summary>Whose email it is (Dataverse column <c>ownerid</c>).</summary>
/// <param name="OwnerId">The user or team; null when nobody is known.</param>
/// <param name="Rule">Why.</param>
[GenerateSerializer, Immutable, Alias("EmailOwner")]
public readonly record struct EmailOwner([property: Id(0)] Guid? OwnerId, [property: Id(1)] OwnerRule Rule);

/// <summary>Decides whose email it is: once, when it is tracked, with what is known then.</summary>
/// <remarks>
/// A job that was given to somebody is not taken away because a parent or a copy came later; people hand it on. Who may own email: an
/// active user; for a queue its owner. Source: the public documentation of email ownership. Where that leaves open who owns an email
/// whose recipients may not: the owner of the queue that accepted it, else the user.
/// </remarks>
internal static class Owners
{
    /// <summary>Decides one email.</summary>
    /// <param name="mail">The email.</param>
    /// <param name="isOutgoing">Whether our side sent it.</param>
    /// <param name="sender">The record that its sender stands for.</param>
    /// <param name="accepting">The mailbox that stands for all that accepted it; null when it is not known any more.</param>
    /// <param name="correlated">The owner of the email that it answers.</param>
    /// <param name="directory">The records of an address.</param>
    public static EmailOwner Decide(
        EmailFacts mail,
        bool isOutgoing,
        RecordReference? sender,
        MailboxFacts? accepting,
        Guid? correlated,
        Func<EmailAddress, IEnumerable<RecordFacts>> directory)
    {
        if (isOutgoing && sender is { LogicalName: Tables.SystemUser } user)
        {
            return new EmailOwner(user.Id, OwnerRule.Sender);
        }

        Guid[] candidates = [.. mail.Recipients.SelectMany(one => one.Address is { } address ? Eligible(address, directory) : [])];
        var sendersOwner = sender is { LogicalName: Tables.Contact or Tables.Account or Tables.Lead } && mail.Sender is { } from
            ? directory(from).FirstOrDefault(record => record.Reference == sender)?.OwnerId
            : null;
        return correlated is { } before && candidates.Contains(before) ? new EmailOwner(before, OwnerRule.Correlated)
            : sendersOwner is { } own && candidates.Contains(own) ? new EmailOwner(own, OwnerRule.SendersOwner)
            : candidates.Length > 0 ? new EmailOwner(candidates[0], OwnerRule.FirstRecipient)
            : OfMailbox(accepting, directory);
    }

    // Whom a person chose stands alone. Else in one order, so that an address of two users gives the same owner every time.
    private static IEnumerable<Guid> Eligible(EmailAddress address, Func<EmailAddress, IEnumerable<RecordFacts>> directory) =>
        (Parties.ChosenOf(address, directory) is { } chosen ? [chosen] : directory(address))
        .Where(record => record.IsActive)
        .Select(record => record.Reference.LogicalName switch
        {
            Tables.SystemUser => record.Reference.Id,
            Tables.Queue => record.OwnerId,
            _ => null,
        })
        .OfType<Guid>()
        .Order();

    private static EmailOwner OfMailbox(MailboxFacts? mailbox, Func<EmailAddress, IEnumerable<RecordFacts>> directory) => mailbox switch
    {
        { Owner: { LogicalName: Tables.Queue } queue } when
            directory(mailbox.Address).FirstOrDefault(record => record.Reference == queue)?.OwnerId is { } owner =>
            new EmailOwner(owner, OwnerRule.AcceptingQueue),
        { Owner: { LogicalName: Tables.SystemUser } user } => new EmailOwner(user.Id, OwnerRule.AcceptingUser),
        _ => new EmailOwner(null, OwnerRule.None),
    };
}
