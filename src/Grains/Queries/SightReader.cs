using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Listing;
using EmailTracking.Storage;

namespace EmailTracking.Queries;

/// <summary>Reads what somebody may see now, and which emails are among that.</summary>
public sealed class SightReader(IListings listings)
{
    /// <summary>What somebody may see.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="who">Somebody.</param>
    /// <param name="privilege">What for: <see cref="Privilege.ReadMail"/>, or what may be done to mail.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<Sight> ReadAsync(string organization, Principal who, Privilege privilege, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(who);
        switch (who.ReachOf(privilege))
        {
            case Reach.All:
                return new Sight(organization, [EmailLists.Everything(organization)]);
            case Reach.Own when who.SystemUser is { } user:
                ImmutableArray<Guid> members = [user, .. who.Teams];
                var owned = await listings.ReadOwnedAsync(organization, members, cancellationToken);
                return new Sight(
                    organization,
                    [
                        .. owned,
                        .. members.Select(member => EmailLists.OfMember(organization, member)),
                        .. who.Delegations.Where(mailbox => who.IsDelegate(mailbox, privilege)).Select(mailbox => EmailLists.OfMailbox(organization, mailbox)),
                    ]);
            default:
                return new Sight(organization, []);
        }
    }

    /// <summary>The emails among some that may be seen, in their order, as they are shown.</summary>
    public async Task<ImmutableArray<EmailRow>> ShowAsync(Sight sight, ImmutableArray<EmailRow> emails, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sight);
        if (sight.IsAll || emails.IsEmpty)
        {
            return emails;
        }

        var lists = await listings.ReadListsAsync(sight.Organization, [.. emails.Select(email => email.Key)], cancellationToken);
        return [.. emails.Where(email => sight.Sees(email, lists.GetValueOrDefault(email.Key, []))).Select(sight.Show)];
    }

    /// <summary>An email as it is shown; null when it may not be seen.</summary>
    public async Task<EmailRow?> ShowAsync(Sight sight, EmailRow? email, CancellationToken cancellationToken) =>
        email is null ? null : (await ShowAsync(sight, [email], cancellationToken)).FirstOrDefault();
}
