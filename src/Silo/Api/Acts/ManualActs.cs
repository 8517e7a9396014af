using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Acts;
using EmailTracking.Client;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Api.Acts;

/// <summary>Does by hand what somebody wants done to mail, as far as the mail is theirs: for the API and the pages alike.</summary>
internal sealed class ManualActs(EmailTrackingClient client, IMailSight sight, Owners owners, ChangeLog changes)
{
    private const int HistoryMax = 1_000;

    /// <summary>That some mail is not theirs: the same words whether there is such mail or not.</summary>
    public static string NotTheirs(string email) => $"No email or conversation '{email}' was seen in a mailbox of yours.";

    /// <summary>Does something. Safe to repeat with the same id.</summary>
    /// <param name="visitor">Who, and how far they may act.</param>
    /// <param name="id">The act's id.</param>
    /// <param name="kind">What.</param>
    /// <param name="body">To what.</param>
    /// <param name="cancellationToken">Stops it before it begins.</param>
    public async Task<Told<DoneAct>> ActAsync(Visitor visitor, Guid id, ActKind kind, ActBody body, CancellationToken cancellationToken)
    {
        if (ProblemOf(kind, body) is { } problem)
        {
            return Wrong(problem);
        }

        EmailAddress? address = null;
        if (kind == ActKind.Resolve)
        {
            if (!EmailAddress.TryParse(body.EmailAddress, out var parsed))
            {
                return Wrong("Say which address it is that stands for the record: {\"emailaddress\": \"bo@fabrikam.com\"}");
            }

            address = parsed;
        }

        EmailAddress? mailbox = null;
        if (body.Mailbox is not null)
        {
            if (!EmailAddress.TryParse(body.Mailbox, out var named))
            {
                return Wrong($"'{body.Mailbox}' is no mailbox address. Give one such as ana@contoso.com.");
            }

            if (visitor.Reach != Reach.All && !await owners.MayAsync(visitor.Principal, Privilege.ActOnMail, named, cancellationToken))
            {
                return Told<DoneAct>.Not(new Refusal(StatusCodes.Status404NotFound, "Not found", $"No mailbox '{named}' is yours."));
            }

            mailbox = named;
        }

        // In a mailbox of their own they may name what is not here yet; nothing else is touched by it.
        var emails = body.Emails!.Value;
        var seen = await LookAsync(visitor, mailbox, emails, cancellationToken);
        if (seen.Foreign is { } foreign)
        {
            return Told<DoneAct>.Not(Refusal.Missing(NotTheirs(foreign)));
        }

        return await DoAsync(
            visitor,
            seen.For,
            new ActCall
            {
                Id = id,
                Kind = kind,
                By = ActingFor.By(visitor, seen.For),
                On = body.On,
                Names = emails,
                Record = body.RegardingObjectId,
                ForTheseOnly = body.OnlyThese ?? false,
                Address = address,
                Mailbox = mailbox,
            },
            cancellationToken);
    }

    /// <summary>Takes an act back, whole.</summary>
    public async Task<Told<DoneAct>> UndoAsync(Visitor visitor, Guid act, CancellationToken cancellationToken)
    {
        // Whoever did it may take it back.
        if (visitor.Reach != Reach.All &&
            (await client.ReadHistoryAsync(null, HistoryMax, cancellationToken))?.All(past => past.Act.Id != act || !ActingFor.IsBy(past.Act.By, visitor)) != false &&
            (await client.ReadPendingAsync(cancellationToken)).All(track => track.Act != act || !ActingFor.IsBy(track.By, visitor)))
        {
            return Told<DoneAct>.Not(new Refusal(
                StatusCodes.Status403Forbidden, "Not allowed", "This is none of your own acts, or it was too long ago. Ask an administrator to take it back."));
        }

        return await DoAsync(
            visitor,
            [],
            new ActCall { Id = Guid.CreateVersion7(), Kind = ActKind.Undo, By = ActingFor.By(visitor, []), Names = [act.ToString()] },
            cancellationToken);
    }

    // In a mailbox that is named nothing is touched that is not there: whether it is theirs is all that counts.
    private async Task<SeenMail> LookAsync(
        Visitor visitor, EmailAddress? mailbox, ImmutableArray<string> emails, CancellationToken cancellationToken)
    {
        if (visitor.Reach == Reach.All)
        {
            return new SeenMail(null, []);
        }

        return mailbox is { } named
            ? new SeenMail(null, await owners.OwnsAsync(visitor.Principal, named, cancellationToken) ? [] : [named])
            : await sight.LookAsync(visitor.Principal, Privilege.ActOnMail, emails, cancellationToken);
    }

    private async Task<Told<DoneAct>> DoAsync(
        Visitor visitor, ImmutableArray<EmailAddress> actingFor, ActCall call, CancellationToken cancellationToken)
    {
        if (!actingFor.IsEmpty)
        {
            // Whoever acts for others is in the audit log by both names.
            await changes.NoteAsync(ActingFor.Named(visitor.Principal, actingFor), "act-for-owner", $"{AccessCheck.Word(call.Kind)} {call.Id}", cancellationToken);
        }

        var answer = await client.ActAsync(call, cancellationToken);
        return answer is { Problem: null, Id: { } id }
            ? Told<DoneAct>.That(new DoneAct(id, answer.Changed, answer.Conversations, answer.Again, answer.Pending))
            : Told<DoneAct>.Not(Refusal.Refused(answer.Problem!));
    }

    private static Told<DoneAct> Wrong(string problem) =>
        Told<DoneAct>.Not(Refusal.Wrong(problem));

    private static string? ProblemOf(ActKind kind, ActBody body) => (kind, body) switch
    {
        (_, { Emails: not { IsDefaultOrEmpty: false } }) => "Name the emails: {\"emails\": [\"MESSAGE-ID\", \"ACTIVITY-ID\", …]}",
        (_, { Emails: { } emails }) when emails.Any(string.IsNullOrWhiteSpace) => "An email has a name: its Message-ID, its activityid or its key.",
        (ActKind.Regarding or ActKind.Resolve, { RegardingObjectId: null }) =>
            "Say which record: {\"regardingobjectid\": {\"logicalname\": \"account\", \"id\": …}}",
        (not ActKind.Track, { Mailbox: not null }) => "A mailbox is named for a track only.",
        (_, { Mailbox: not null, Emails: { Length: not 1 } }) => "Name one mail by its Message-ID when its mailbox is named.",
        (ActKind.Merge, { Emails: { Length: not 2 } }) => "Name two emails or conversations, which become one.",
        (ActKind.Regarding or ActKind.Stop or ActKind.Resume or ActKind.Resolve, { Emails: { Length: not 1 } }) => "Name one email or conversation.",
        _ => null,
    };
}
