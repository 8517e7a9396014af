using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Acts;
using EmailTracking.Client;
using EmailTracking.Listing;
using EmailTracking.Queries;
using EmailTracking.Silo.Api.Mail;
using EmailTracking.Silo.Pages.Mail;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Pages.Conversations;

/// <summary>Reads conversations for their page, and finds others.</summary>
internal sealed class ConversationReader(PageCaller caller, EmailTrackingClient client, PastActs acts)
{
    private const int FoundMax = 10;

    private static readonly Refusal NotThere = new(
        StatusCodes.Status404NotFound, "Not found", "No conversation has this id, or none of its emails may be seen by you.");

    /// <summary>Reads a conversation.</summary>
    /// <param name="id">Its id, today's or an older one.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<Told<ConversationPage>> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        var told = await caller.ReadAsync(Privilege.ReadMail, visitor => ReadAsync(visitor, id, cancellationToken), cancellationToken);
        return told.Problem is { } problem ? Told<ConversationPage>.Not(problem)
            : told.Value is { } page ? Told<ConversationPage>.That(page)
            : Told<ConversationPage>.Not(NotThere);
    }

    /// <summary>Finds emails of other conversations: by the address of a page here, an id, or words.</summary>
    /// <param name="text">What somebody typed.</param>
    /// <param name="but">The conversation that is not meant.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>At most 10 tracked emails, one of each conversation.</returns>
    public Task<Told<EmailRow[]>> FindOthersAsync(string text, Guid but, CancellationToken cancellationToken) => caller.ReadAsync(
        Privilege.ReadMail,
        async visitor => (await FindAsync(visitor.Principal, text, cancellationToken))
            .Where(email => email.Activity is { } activity && activity.State.ConversationId != but)
            .DistinctBy(email => email.Activity!.State.ConversationId)
            .ToArray(),
        cancellationToken);

    private async Task<ConversationPage?> ReadAsync(Visitor visitor, Guid id, CancellationToken cancellationToken)
    {
        var who = visitor.Principal;
        if (await client.ReadConversationAsync(who, id.ToString(), cancellationToken) is not { } view)
        {
            return null;
        }

        var history = await acts.ReadAsync(visitor, view.Id.ToString(), cancellationToken);
        ImmutableArray<RecordReference> records =
        [
            .. view.Emails.Select(email => email.Activity?.Regarding).Concat((history ?? []).Select(past => past.Act.Record)).OfType<RecordReference>().Distinct(),
        ];
        return new ConversationPage
        {
            View = view,
            Rows = ThreadTree.Of(view.Emails),
            History = history ?? [],
            MayAct = who.ReachOf(Privilege.ActOnMail) switch { Reach.All => true, Reach.Own => history is not null, _ => false },
            Names = (await client.ReadRecordsAsync(records, cancellationToken)).ToImmutableDictionary(one => one.Facts.Reference, one => one.Name),
        };
    }

    private async Task<IEnumerable<EmailRow>> FindAsync(Principal who, string text, CancellationToken cancellationToken)
    {
        var name = MailText.NameIn(text);
        if (Guid.TryParse(name, out _) && await client.ReadConversationAsync(who, name, cancellationToken) is { } conversation)
        {
            return conversation.Emails;
        }

        if (await client.FindAsync(who, name, cancellationToken) is { } email)
        {
            return [email];
        }

        return new EmailListQuery { Search = text[..Math.Min(text.Length, ListQuery.TextMax)], Top = FoundMax }.TryRead(out var query, out _)
            ? (await client.ListAsync(who, query, cancellationToken)).Emails
            : [];
    }
}

/// <summary>All that the page of a conversation shows, as its visitor may see it.</summary>
public sealed record ConversationPage
{
    /// <summary>Its emails that one may see.</summary>
    public required ConversationView View { get; init; }

    /// <summary>The same as a tree.</summary>
    public required ImmutableArray<ThreadRow> Rows { get; init; }

    /// <summary>What people did with it, in order of time; empty when that is not one's own to know.</summary>
    public ImmutableArray<PastAct> History { get; init; } = [];

    /// <summary>Whether the visitor may act on it.</summary>
    public bool MayAct { get; init; }

    /// <summary>Names of records.</summary>
    public ImmutableDictionary<RecordReference, string> Names { get; init; } = ImmutableDictionary<RecordReference, string>.Empty;

    /// <summary>The subject of its first email.</summary>
    public string Title => MailWords.Subject(View.Emails[0].Activity!.Subject);

    /// <summary>What its emails are about.</summary>
    public IEnumerable<RecordReference> Near => View.Emails.Select(email => email.Activity!.Regarding).OfType<RecordReference>().Distinct();
}
