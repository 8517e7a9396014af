using EmailTracking.Tracking.Mail;

namespace EmailTracking.Access;

/// <summary>A user who may see and track mail of a mailbox for its owner.</summary>
/// <param name="Mailbox">The mailbox.</param>
/// <param name="SystemUser">The user (Dataverse table <c>systemuser</c>).</param>
/// <param name="AddedBy">Who said so.</param>
/// <param name="AddedOn">When; UTC.</param>
[GenerateSerializer, Immutable, Alias("Delegation")]
public sealed record Delegation(
    [property: Id(0)] EmailAddress Mailbox,
    [property: Id(1)] Guid SystemUser,
    [property: Id(2)] string AddedBy,
    [property: Id(3)] DateTimeOffset AddedOn)
{
    /// <summary>How many delegates a mailbox has at most.</summary>
    public const int CountMax = 100;

    /// <summary>For how many mailboxes somebody is a delegate at most.</summary>
    public const int MailboxesMax = 1_000;

    /// <summary>Whether a delegate may do something for the owner, as far as their own role may do it.</summary>
    public static bool May(Privilege privilege) => privilege is Privilege.ReadMail or Privilege.ActOnMail or Privilege.DeliverMail;
}
