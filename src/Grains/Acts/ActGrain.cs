using System.Collections.Immutable;
using EmailTracking.Conversations;
using EmailTracking.Organizations;
using EmailTracking.Queries;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Orleans.Concurrency;

namespace EmailTracking.Acts;

/// <summary>Finds out what is meant, and asks the conversation to do it.</summary>
[GrainType("act")]
[StatelessWorker]
[Reentrant]
public sealed class ActGrain(ITrackingQueries queries, IDirectory directory, EmailNames names, TimeProvider time) : Grain, IActGrain
{
    private const int NamesMax = 100;
    private const int ByLengthMax = 200;
    private static readonly TimeSpan DecidedWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClockDriftMax = TimeSpan.FromMinutes(5);

    private string Organization => GrainKeys.OrganizationOf(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public async Task<ActAnswer> ActAsync(ActCall call, CancellationToken cancellationToken)
    {
        if (await CheckAsync(call, cancellationToken) is { } wrong)
        {
            return ActAnswer.Refused(wrong);
        }

        if (call is { Kind: ActKind.Track, Mailbox: { } mailbox })
        {
            return await TrackInAsync(call, mailbox, cancellationToken);
        }

        var request = new ActRequest
        {
            Id = call.Id,
            Kind = call.Kind,
            By = call.By.Trim(),
            On = call.On ?? time.GetUtcNow(),
            Record = call.Record,
            ForTheseOnly = call.ForTheseOnly,
            Address = call.Address,
        };
        var (meant, problem) = call.Kind == ActKind.Undo
            ? await UndoOfAsync(request, call.Names, cancellationToken)
            : await WithEmailsAsync(request, call.Names, cancellationToken);
        if (problem is not null)
        {
            return call.Kind == ActKind.Undo && await WithdrawAsync(call, cancellationToken) is { } withdrawn
                ? withdrawn
                : ActAnswer.Refused(problem);
        }

        // Where it is asked is routing, as for mail: the smallest of the conversations that are meant.
        var emails = meant!.Undone?.Emails ?? meant.Emails;
        var rows = await Task.WhenAll(emails.Take(NamesMax).Select(email => queries.FindAsync(Organization, email, cancellationToken)));
        var conversation = rows.Select(row => row?.Activity?.State.ConversationId).OfType<Guid>()
            .DefaultIfEmpty(NamedId.OfConversation(Organization, emails.First()))
            .Min();
        var answer = await GrainFactory.GetGrain<IConversationGrain>(GrainKeys.Conversation(Organization, conversation))
            .ActAsync(meant, cancellationToken);
        if (answer.Problem is null)
        {
            await (call.Kind == ActKind.Undo ? WithdrawAsync(call, cancellationToken) : AwaitAsync(call, request, cancellationToken));
        }

        return answer;
    }

    private IPendingTrackGrain Pending => GrainFactory.GetGrain<IPendingTrackGrain>(this.GetPrimaryKeyString());

    // Somebody else's mail is not touched by naming it: the act is done once the mail was seen in the mailbox that is named.
    private async Task<ActAnswer> TrackInAsync(ActCall call, EmailAddress mailbox, CancellationToken cancellationToken)
    {
        if (call.Names is not [var name] || ReadId(name) is not { } id)
        {
            return ActAnswer.Refused("Name one mail by its Message-ID, for example <20260131.1234@contoso.com>.");
        }

        if ((await directory.ReadMailboxesAsync(Organization, cancellationToken)).All(one => one.Address != mailbox))
        {
            return ActAnswer.Refused($"There is no mailbox {mailbox}. See: emailtracking mailbox list");
        }

        var settings = await directory.ReadSettingsAsync(Organization, cancellationToken);
        if (Refusals.OfTrack(call.Record, settings) is { } problem)
        {
            return ActAnswer.Refused(problem);
        }

        var track = TrackOf(call, id, mailbox, TimeSpan.Zero);
        if (await queries.FindActAsync(Organization, call.Id, cancellationToken) is null &&
            await Pending.AddAsync([track], cancellationToken) is { } refused)
        {
            return ActAnswer.Refused(refused);
        }

        var pending = (await Pending.TryAsync(call.Id, cancellationToken)).Length;
        var email = await names.FindAsync(Organization, id.Value, cancellationToken);
        return pending > 0
            ? new ActAnswer(call.Id, null, 0, [], 0, pending)
            : new ActAnswer(call.Id, null, 1, email?.Activity is { } activity ? [activity.State.ConversationId] : [], 0, 0);
    }

    // Mail that was seen, and whose content may not be kept: the outbox decides what is here, the rest is looked for.
    private async Task<ActAnswer?> AwaitAsync(ActCall call, ActRequest request, CancellationToken cancellationToken)
    {
        var tracks = ImmutableArray.CreateBuilder<PendingTrack>();
        foreach (var name in call.Kind == ActKind.Track ? call.Names : [])
        {
            if (ReadId(name) is { } id &&
                await names.FindAsync(Organization, name, cancellationToken) is { Outcome: not Outcome.Tracked, Mailboxes: [var mailbox, ..] })
            {
                tracks.Add(TrackOf(call with { On = request.On }, id, mailbox, DecidedWithin));
            }
        }

        _ = tracks.Count > 0 ? await Pending.AddAsync(tracks.DrainToImmutable(), cancellationToken) : null;
        return null;
    }

    private PendingTrack TrackOf(ActCall call, MessageId id, EmailAddress mailbox, TimeSpan within)
    {
        var now = time.GetUtcNow();
        return new PendingTrack
        {
            Act = call.Id,
            Mailbox = mailbox,
            MessageId = id,
            Record = call.Record,
            By = call.By.Trim(),
            On = call.On ?? now,
            CreatedOn = now,
            TryOn = now + within,
        };
    }

    private async Task<ActAnswer?> WithdrawAsync(ActCall call, CancellationToken cancellationToken) =>
        Guid.TryParse(call.Names[0], out var act) && await Pending.WithdrawAsync(act, cancellationToken)
            ? new ActAnswer(call.Id, null, 0, [], 0, 0)
            : null;

    private static MessageId? ReadId(string name) =>
        MessageId.TryParse(name.Contains('<', StringComparison.Ordinal) ? name : $"<{name}>", out var id) &&
            !Guid.TryParse(name, out _) && !MessageKey.TryParse(name, out _)
                ? id
                : null;

    /// <inheritdoc/>
    public async Task<ImmutableArray<PastAct>?> ReadHistoryAsync(string? name, int countMax, CancellationToken cancellationToken)
    {
        if (name is null)
        {
            return Past(await queries.ReadLatestActsAsync(Organization, countMax, cancellationToken));
        }

        var conversation = await names.FindConversationAsync(Organization, name, cancellationToken);
        if (conversation is null && await names.FindAsync(Organization, name, cancellationToken) is { } email)
        {
            conversation = email.Activity is { } activity
                ? await names.FindConversationAsync(Organization, activity.State.ConversationId.ToString(), cancellationToken)
                : (default, [email]);
        }

        return conversation is { } found
            ? Past(await queries.ReadActsAsync(Organization, [.. found.Emails.Select(row => row.Key)], cancellationToken))
            : null;
    }

    private static ImmutableArray<PastAct> Past(ImmutableArray<Act> acts)
    {
        var log = new ActLog(acts);
        return
        [
            .. acts.Select(act => log.UndoingOf(act.Id) is { } undoing
                ? new PastAct(act, undoing.By, undoing.On)
                : new PastAct(act, null, null)),
        ];
    }

    private async Task<string?> CheckAsync(ActCall call, CancellationToken cancellationToken)
    {
        if (call.By is not { Length: > 0 and <= ByLengthMax } || string.IsNullOrWhiteSpace(call.By) || call.By.Any(char.IsControl))
        {
            return $"Say who does it, in 1 to {ByLengthMax} characters.";
        }

        if (call.Kind == ActKind.Erase)
        {
            return "Mail is erased by address: emailtracking erase --address ADDRESS";
        }

        if (call.Names.IsDefaultOrEmpty || call.Names.Length > NamesMax)
        {
            return $"Name 1 to {NamesMax} emails, conversations or acts.";
        }

        if (call.On > time.GetUtcNow() + ClockDriftMax)
        {
            return "That moment lies in the future. Give the time when it was done, or none: then it is now.";
        }

        if (call is { Kind: ActKind.Resolve, Record: { } meant })
        {
            var lives = await directory.ReadLivesAsync(Organization, [meant], cancellationToken);
            return RecordChoices.Problem(meant, lives.FirstOrDefault()) ?? await ProblemOfTableAsync(meant.LogicalName, cancellationToken);
        }

        if (call.Record is { } record && (await directory.ReadRecordsAsync(Organization, [record], cancellationToken)).IsEmpty)
        {
            return $"There is no record {record}. Load it first: emailtracking records load FILE";
        }

        return call.Record is { LogicalName: var table } ? await ProblemOfTableAsync(table, cancellationToken) : null;
    }

    private async Task<string?> ProblemOfTableAsync(string table, CancellationToken cancellationToken) =>
        new KnownTables(await directory.ReadTablesAsync(Organization, cancellationToken)).ProblemOf(table);

    private async Task<(ActRequest? Request, string? Problem)> UndoOfAsync(
        ActRequest request, ImmutableArray<string> acts, CancellationToken cancellationToken)
    {
        var undone = acts.Length == 1 && Guid.TryParse(acts[0], out var id)
            ? await queries.FindActAsync(Organization, id, cancellationToken)
            : null;
        return undone is null
            ? (null, $"Nobody did {string.Join(' ', acts)}. See what was done, and its ids: emailtracking history")
            : (request with { Undone = undone, Unwanted = await UnwantedAsync(undone, cancellationToken) }, null);
    }

    // Whoever takes back a track leaves the email to the filters: which of them wants it is what was decided of its copies.
    private async Task<ImmutableArray<MessageKey>> UnwantedAsync(Act undone, CancellationToken cancellationToken)
    {
        var unwanted = ImmutableArray.CreateBuilder<MessageKey>();
        foreach (var email in undone.Kind == ActKind.Track ? undone.Emails.Distinct() : [])
        {
            var decisions = await queries.ReadDecisionsAsync(Organization, email, cancellationToken);
            if (decisions.All(decision => decision.Outcome != Outcome.Tracked || decision.Reason == ReasonCode.TrackedByHand))
            {
                unwanted.Add(email);
            }
        }

        return unwanted.DrainToImmutable();
    }

    private async Task<(ActRequest? Request, string? Problem)> WithEmailsAsync(
        ActRequest request, ImmutableArray<string> meant, CancellationToken cancellationToken)
    {
        var emails = new List<MessageKey>();
        foreach (var name in meant)
        {
            if (await names.FindAsync(Organization, name, cancellationToken) is { } email)
            {
                emails.Add(email.Key);
            }
            else if (await names.FindConversationAsync(Organization, name, cancellationToken) is not { } conversation)
            {
                return (null, $"No email or conversation {name} was ever seen. Find it: emailtracking list --subject TEXT");
            }
            else if (conversation.Id != Guid.Parse(name))
            {
                return (null, $"Conversation {name} was merged into {conversation.Id}. Use that id, or undo the merge: emailtracking history {conversation.Id}");
            }
            else
            {
                emails.AddRange(Meant(request.Kind, conversation.Emails).Select(row => row.Key));
            }
        }

        request = request with { Emails = [.. emails.Distinct()] };
        return (request.Kind == ActKind.Resolve ? await WithPartiesAsync(request, cancellationToken) : request, null);
    }

    private async Task<ActRequest> WithPartiesAsync(ActRequest request, CancellationToken cancellationToken)
    {
        var parties = await queries.ReadPartiesAsync(Organization, request.Emails[0], cancellationToken);
        return request with { Parties = [.. parties.Select(party => party.Participant.Address).OfType<EmailAddress>().Distinct()] };
    }

    // Whoever names a conversation means all its emails, or the conversation as such, for which its first email stands.
    private static IEnumerable<EmailRow> Meant(ActKind kind, ImmutableArray<EmailRow> conversation) => kind switch
    {
        ActKind.Track or ActKind.Untrack => conversation,
        ActKind.Admit when conversation.Any(row => row.Activity!.State.IsHeld) => conversation.Where(row => row.Activity!.State.IsHeld),
        _ => conversation.Take(1),
    };
}
