using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Organizations;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Api.Mailboxes;

/// <summary>Sets personal options: for the API and the pages alike.</summary>
internal sealed class MailboxOptionActs(EmailTrackingClient client)
{
    // In Dynamics membership of a team is no option, and settings are for teams: nobody gives themselves to one.
    private const string Teams = "Teams";

    /// <summary>That teams are not theirs to say.</summary>
    public static readonly Refusal NotTheirs = new(
        StatusCodes.Status403Forbidden, "Not allowed", "Which teams a mailbox belongs to is said by an administrator.");

    /// <summary>Whether somebody may set an option of a mailbox whose options they may set.</summary>
    public static bool MaySet(MailboxOption option, Reach reach) => option.Name != Teams || reach == Reach.All;

    /// <summary>Sets one.</summary>
    /// <param name="visitor">Who, and how far they may set options.</param>
    /// <param name="address">The mailbox, which is theirs.</param>
    /// <param name="option">The option.</param>
    /// <param name="value">Its value as text.</param>
    /// <param name="author">Who, why, and what they saw.</param>
    /// <param name="cancellationToken">Stops it before it begins.</param>
    /// <returns>The options as they are now.</returns>
    public async Task<Told<MailboxOptionsAnswer>> SetAsync(
        Visitor visitor, EmailAddress address, MailboxOption option, string value, Author author, CancellationToken cancellationToken)
    {
        if (!MaySet(option, visitor.Reach))
        {
            return Told<MailboxOptionsAnswer>.Not(NotTheirs);
        }

        var set = await client.SetMailboxOptionAsync(address, option.Name, value, author, cancellationToken);
        return set.Problem is { } problem ? Told<MailboxOptionsAnswer>.Not(Refusal.Refused(problem))
            : await client.ReadMailboxOptionsAsync(address, cancellationToken) is { } after ? Told<MailboxOptionsAnswer>.That(after)
            : Told<MailboxOptionsAnswer>.Not(MailboxEndpoints.NotThere(address));
    }

    /// <summary>How many more emails a mailbox would have tracked in the last 30 days, had it taken all mail.</summary>
    public async Task<long> CountAddedByAllAsync(MailboxFacts mailbox, CancellationToken cancellationToken) =>
        mailbox.Filter == FilterMethod.All ? 0 : await client.CountLeftOutAsync(mailbox.Address, cancellationToken);
}
