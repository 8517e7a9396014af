using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Queries;
using EmailTracking.Silo.Api.Mail;
using EmailTracking.Silo.Bodies;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Pages.Mail;

/// <summary>Reads all that the page of one email shows.</summary>
internal sealed class EmailReader(PageCaller caller, EmailTrackingClient client, MailContents contents, BlockedExtensions blocked, PastActs acts)
{
    private const int TextMax = 200_000;
    private const int OthersMax = 50;

    private static readonly Refusal NotThere = new(
        StatusCodes.Status404NotFound, "Not found", "No such email was seen, or not where you may see it. It is named by its Message-ID or its activityid.");

    /// <summary>Reads it.</summary>
    /// <param name="name">A Message-ID, activityid or key.</param>
    /// <param name="before">What was shown before: its content is not read again while it is the same.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<Told<EmailView>> ReadAsync(string name, EmailView? before, CancellationToken cancellationToken)
    {
        var told = await caller.ReadAsync(Privilege.ReadMail, visitor => ReadAsync(visitor, name, before, cancellationToken), cancellationToken);
        return told.Problem is { } problem ? Told<EmailView>.Not(problem)
            : told.Value is { } view ? Told<EmailView>.That(view)
            : Told<EmailView>.Not(NotThere);
    }

    private async Task<EmailView?> ReadAsync(Visitor visitor, string name, EmailView? before, CancellationToken cancellationToken)
    {
        var who = visitor.Principal;
        if (await client.ExplainAsync(who, name, cancellationToken) is not { } explanation)
        {
            return null;
        }

        var view = new EmailView
        {
            Explanation = explanation,
            MayAct = who.ReachOf(Privilege.ActOnMail),
            History = await acts.ReadAsync(visitor, explanation.Email.Key.ToString(), cancellationToken) ?? [],
            Others = await OthersAsync(who, explanation, cancellationToken),
        };
        if (explanation.Email.Activity is not { } activity)
        {
            return view;
        }

        var conversation = await client.ReadConversationAsync(who, activity.State.ConversationId.ToString(), cancellationToken);
        var candidates = await CandidatesAsync(who, explanation, cancellationToken);
        return view with
        {
            Conversation = conversation,
            Candidates = candidates,
            Content = before?.Content is { } same && same.Hash == activity.ContentHash
                ? same
                : await ContentAsync(who, explanation.Email.Key.ToString(), activity.ContentHash, cancellationToken),
            Names = await NamesAsync(view, conversation, cancellationToken),
        };
    }

    private async Task<EmailContent?> ContentAsync(Principal who, string key, string hash, CancellationToken cancellationToken)
    {
        try
        {
            return await contents.ReadAsync(who, key, cancellationToken) is { } content
                ? new EmailContent(
                    hash,
                    content.Text is { Length: > TextMax } text ? text[..TextMax] + "\n…" : content.Text,
                    content.Html is not null,
                    [.. content.Files.Select(file => new EmailFile(file.Number, file.Name, file.MediaType, file.Size, blocked.Blocks(file.Name)))])
                : null;
        }
        catch (FormatException)
        {
            // What is kept is no mail: the rest of the page is true all the same.
            return null;
        }
    }

    // What it answers, and what its place was told by.
    private async Task<ImmutableDictionary<MessageKey, EmailRow>> OthersAsync(Principal who, Explanation explanation, CancellationToken cancellationToken)
    {
        var names = explanation.Trace.SelectMany(entry => entry.Values).Where(value => MessageKey.TryParse(value, out _));
        if (explanation.Email.Activity is { } activity)
        {
            names = names.Concat(new[] { activity.CorrelatedActivityId, activity.ParentActivityId }.OfType<Guid>().Select(id => id.ToString()));
        }

        var others = ImmutableDictionary.CreateBuilder<MessageKey, EmailRow>();
        foreach (var name in names.Distinct().Take(OthersMax))
        {
            if (await client.FindAsync(who, name, cancellationToken) is { } row && row.Key != explanation.Email.Key)
            {
                others[row.Key] = row;
            }
        }

        return others.ToImmutable();
    }

    // Those who may see only their own records are not told of others.
    private async Task<ImmutableArray<AddressCandidate>> CandidatesAsync(Principal who, Explanation explanation, CancellationToken cancellationToken)
    {
        var reach = who.ReachOf(Privilege.ReadRecords);
        if (reach == Reach.None)
        {
            return [];
        }

        var all = await client.ReadCandidatesAsync(
            [.. explanation.Parties.Select(party => party.Participant.Address).OfType<EmailAddress>().Distinct()], cancellationToken);
        return reach == Reach.All
            ? all
            : [.. all.Where(one => who.IsOwner(one.Record.OwnerId) || explanation.Parties.Any(party => party.Record == one.Record.Reference))];
    }

    private async Task<ImmutableDictionary<RecordReference, string>> NamesAsync(
        EmailView view, ConversationView? conversation, CancellationToken cancellationToken)
    {
        ImmutableArray<RecordReference> records =
        [
            .. view.Explanation.Parties.Select(party => party.Record)
                .Append(view.Explanation.Email.Activity?.Regarding)
                .Concat(view.History.Select(past => past.Act.Record))
                .Concat(conversation?.Emails.Select(email => email.Activity?.Regarding) ?? [])
                .OfType<RecordReference>()
                .Distinct(),
        ];
        return (await client.ReadRecordsAsync(records, cancellationToken)).ToImmutableDictionary(one => one.Facts.Reference, one => one.Name);
    }
}
