using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Api.Acts;

/// <summary>An email is somebody's when it was seen in a mailbox of theirs, or of which they are a delegate; a conversation, when all its emails are.</summary>
internal sealed class OwnMailSight(EmailTrackingClient client, Owners owners) : IMailSight
{
    public async Task<SeenMail> LookAsync(
        Principal who, Privilege privilege, ImmutableArray<string> names, CancellationToken cancellationToken)
    {
        var own = (await owners.SeenAsync(new Visitor(who, Reach.Own), cancellationToken)).Select(mailbox => mailbox.Address).ToHashSet();
        var mailboxes = new HashSet<EmailAddress>();
        foreach (var name in names)
        {
            var emails = await ReadAsync(name, cancellationToken);
            if (emails.IsEmpty)
            {
                return new SeenMail(name, []);
            }

            foreach (var email in emails.Where(email => !email.Mailboxes.Any(own.Contains)))
            {
                ImmutableArray<EmailAddress> others = [.. email.Mailboxes.Where(mailbox => who.IsDelegate(mailbox, privilege))];
                if (others.IsEmpty)
                {
                    return new SeenMail(name, []);
                }

                mailboxes.UnionWith(others);
            }
        }

        return new SeenMail(null, [.. mailboxes.OrderBy(mailbox => mailbox.Value, StringComparer.Ordinal)]);
    }

    private async Task<ImmutableArray<EmailRow>> ReadAsync(string name, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(name, out var id) && await client.ReadConversationAsync(id, cancellationToken) is { IsEmpty: false } conversation)
        {
            return conversation;
        }

        return await client.ExplainAsync(name, cancellationToken) is { } explanation ? [explanation.Email] : [];
    }
}
