using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;

namespace EmailTracking.Silo.Api.Acts;

/// <summary>An email is somebody's when it was seen in a mailbox of theirs; a conversation, when all its emails are.</summary>
internal sealed class OwnMailSight(EmailTrackingClient client, Owners owners) : IMailSight
{
    public async Task<string?> FindForeignAsync(Principal who, ImmutableArray<string> names, CancellationToken cancellationToken)
    {
        var own = (await owners.SeenAsync(new Visitor(who, Reach.Own), cancellationToken)).Select(mailbox => mailbox.Address).ToHashSet();
        foreach (var name in names)
        {
            var emails = await ReadAsync(name, cancellationToken);
            if (emails.IsEmpty || !emails.All(email => email.Mailboxes.Any(own.Contains)))
            {
                return name;
            }
        }

        return null;
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
