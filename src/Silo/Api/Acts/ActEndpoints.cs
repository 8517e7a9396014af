using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Acts;
using EmailTracking.Client;
using EmailTracking.Silo.Api.Delivering;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Acts;

/// <summary>What people do to mail by hand. An act may name many emails, and is taken back as one.</summary>
internal static class ActEndpoints
{
    private const string Tag = "Acts";
    private const int CountStandard = 50;
    private const int CountMax = 1_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        Act(api, ActKind.Track, "track", "track-emails", "Tracks emails whatever the filters say, about regardingobjectid if that is given. A conversation id means all its emails. With mailbox one mail, by its Message-ID, that may not be here yet: it is fetched from any folder of that mailbox, and pending until it is here.");
        Act(api, ActKind.Untrack, "untrack", "untrack-emails", "Takes emails out: they stay known and hidden, and answers to them are still answers to tracked mail.");
        Act(api, ActKind.Regarding, "set-regarding", "set-regarding", "Says what an email and all that inherit from it are about; with onlythese that email alone.");
        Act(api, ActKind.Stop, "stop", "stop-conversation", "Stops a conversation: what is received from now on stays out.");
        Act(api, ActKind.Resume, "resume", "resume-conversation", "Lets a stopped conversation go on.");
        Act(api, ActKind.Admit, "admit", "admit-emails", "Lets held emails speak: they take the regarding of what they answer.");
        Act(api, ActKind.Merge, "merge", "merge-conversations", "Makes the conversations of two emails one.");
        Act(api, ActKind.Split, "split", "split-conversation", "Makes a conversation of emails and all that hangs below them; with onlythese of those emails alone.");
        Act(api, ActKind.Resolve, "resolve", "resolve-party", "Says which record an address stands for in one email.");
        api.MapPost("acts/{id:guid}/undo", UndoAsync)
            .Describes<DoneAct>("undo-act", Tag, "Takes an act back, whole.")
            .NeedsForChosen(Privilege.ActOnMail, isChange: true);
        api.MapGet("acts/pending", ListPendingAsync)
            .Describes<ListAnswer<PendingAct>>("list-pending-acts", Tag, "What people tracked in their mailboxes and is not here yet, in order of time: with who, when, why not, and what to do.")
            .NeedsForChosen(Privilege.ReadMail);
        api.MapGet("acts", ListAsync)
            .Describes<ListAnswer<ActHistory>>("list-acts", Tag, "What people did with an email or conversation (email=…), in order of time; for administrators without it the latest acts.")
            .NeedsForChosen(Privilege.ReadMail);
    }

    private static void Act(IEndpointRouteBuilder api, ActKind kind, string path, string name, string summary) => api
        .MapPost($"acts/{path}", (ActBody body, ManualActs acts, HttpContext context, CancellationToken token) =>
            ActAsync(kind, body, acts, context, token))
        .Describes<DoneAct>(name, Tag, summary)
        .NeedsForChosen(Privilege.ActOnMail, isChange: true);

    private static async Task<IResult> ActAsync(ActKind kind, ActBody body, ManualActs acts, HttpContext context, CancellationToken token) =>
        Id(context) is { } id
            ? ApiAnswers.Of(await acts.ActAsync(Visitor.Of(context), id, kind, body, token))
            : ApiAnswers.Wrong($"{DeliveryEndpoints.OperationHeader} is a UUID here: the act's id.");

    private static async Task<IResult> UndoAsync(Guid id, ManualActs acts, HttpContext context, CancellationToken token) =>
        ApiAnswers.Of(await acts.UndoAsync(Visitor.Of(context), id, token));

    private static async Task<IResult> ListAsync(
        string? email, int? count, EmailTrackingClient client, IMailSight sight, HttpContext context, CancellationToken token)
    {
        if (Bounds.Read(count, CountStandard, CountMax, out var asked) is { } wrong)
        {
            return wrong;
        }

        var visitor = Visitor.Of(context);
        if (visitor.Reach != Reach.All)
        {
            if (email is null)
            {
                return ApiAnswers.Wrong("Say of which email or conversation: ?email=…");
            }

            if (await sight.FindForeignAsync(visitor.Principal, [email], token) is { } foreign)
            {
                return ApiAnswers.Missing(ManualActs.NotTheirs(foreign));
            }
        }

        return await client.ReadHistoryAsync(email, asked, token) is { } acts
            ? ApiAnswers.List(acts.Take(asked).Select(ActHistory.Of))
            : ApiAnswers.Missing(ManualActs.NotTheirs(email!));
    }

    private static async Task<IResult> ListPendingAsync(PendingActs pending, HttpContext context, CancellationToken token) =>
        ApiAnswers.List(await pending.ReadAsync(Visitor.Of(context), token));

    /// <summary>What was tracked in mailboxes that a visitor may see and is not here yet, in order of time.</summary>
    public static async Task<ImmutableArray<PendingTrack>> SeenPendingAsync(
        EmailTrackingClient client, Owners owners, Visitor visitor, CancellationToken cancellationToken)
    {
        var pending = await client.ReadPendingAsync(cancellationToken);
        if (visitor.Reach == Reach.All)
        {
            return pending;
        }

        var own = (await owners.SeenAsync(visitor, cancellationToken)).Select(mailbox => mailbox.Address).ToHashSet();
        return pending.RemoveAll(track => !own.Contains(track.Mailbox) && !visitor.Principal.IsDelegate(track.Mailbox, Privilege.ReadMail));
    }

    private static Guid? Id(HttpContext context) => DeliveryEndpoints.Operation(context.Request) is { } said
        ? Guid.TryParse(said, out var id) ? id : null
        : Guid.CreateVersion7();
}

/// <summary>What is to be done.</summary>
/// <param name="Emails">The emails or conversations, at most 100: Message-IDs, activity ids, message keys, conversation ids.</param>
/// <param name="RegardingObjectId">What they are about; for a resolve the record that the address stands for.</param>
/// <param name="OnlyThese">For a regarding: nobody inherits it. For a split: what hangs below the named emails stays.</param>
/// <param name="EmailAddress">For a resolve: the address of a party of the email.</param>
/// <param name="On">When it was done; UTC; now when it is not said.</param>
/// <param name="Mailbox">For a track of one mail by its Message-ID: the mailbox where it lies.</param>
internal sealed record ActBody(
    ImmutableArray<string>? Emails,
    RecordReference? RegardingObjectId,
    bool? OnlyThese,
    string? EmailAddress,
    DateTimeOffset? On,
    string? Mailbox = null);

/// <summary>What became of an act.</summary>
/// <param name="Id">The act: it is taken back by it.</param>
/// <param name="Changed">How many emails stand otherwise now.</param>
/// <param name="Conversations">The conversations of the emails that were meant.</param>
/// <param name="Again">How many copies are being decided again.</param>
/// <param name="Pending">Emails of which nothing is here: the act takes hold of them when they are (acts/pending).</param>
internal sealed record DoneAct(Guid Id, int Changed, ImmutableArray<Guid> Conversations, int Again, int Pending);

/// <summary>A mail that somebody tracked and that is not here yet.</summary>
/// <param name="Id">The act: it is taken back by it.</param>
/// <param name="Mailbox">The mailbox where the mail lies.</param>
/// <param name="MessageId">Its Message-ID without brackets.</param>
/// <param name="RegardingObjectId">The record that was named.</param>
/// <param name="CreatedBy">Who tracked it.</param>
/// <param name="CreatedOn">When; UTC.</param>
/// <param name="State">pending, or fault when it has been pending too long (20 minutes).</param>
/// <param name="Tries">How often the mailbox was searched for it.</param>
/// <param name="Problem">Why it is not here, in a sentence; null when nothing was tried yet.</param>
/// <param name="NextStep">What to do about it, in a sentence.</param>
internal sealed record PendingAct(
    Guid Id,
    string Mailbox,
    string MessageId,
    RecordReference? RegardingObjectId,
    string CreatedBy,
    DateTimeOffset CreatedOn,
    string State,
    int Tries,
    string? Problem,
    string? NextStep)
{
    public static PendingAct Of(PendingTrack track, DateTimeOffset faultBefore) => new(
        track.Act,
        track.Mailbox.Value,
        track.MessageId.Value,
        track.Record,
        track.By,
        track.CreatedOn,
        track.CreatedOn <= faultBefore ? "fault" : "pending",
        track.Tries,
        track.Problem,
        track.NextStep);
}

/// <summary>An act, and whether it still stands.</summary>
/// <param name="Id">The act.</param>
/// <param name="Kind">track, untrack, regarding, stop, resume, admit, merge, split, undo, erase or resolve.</param>
/// <param name="CreatedBy">Who did it.</param>
/// <param name="CreatedOn">When; UTC.</param>
/// <param name="Emails">How many emails were meant.</param>
/// <param name="RegardingObjectId">The record that was named.</param>
/// <param name="OnlyThese">Whether nobody inherits that.</param>
/// <param name="Undoes">For an undo: the act that it takes back.</param>
/// <param name="UndoneBy">Who took it back; null when it stands.</param>
/// <param name="UndoneOn">When; UTC.</param>
internal sealed record ActHistory(
    Guid Id,
    string Kind,
    string CreatedBy,
    DateTimeOffset CreatedOn,
    int Emails,
    RecordReference? RegardingObjectId,
    bool OnlyThese,
    Guid? Undoes,
    string? UndoneBy,
    DateTimeOffset? UndoneOn)
{
    public static ActHistory Of(PastAct past) => new(
        past.Act.Id,
        AccessCheck.Word(past.Act.Kind),
        past.Act.By,
        past.Act.On,
        past.Act.Emails.Distinct().Count(),
        past.Act.Record,
        past.Act is { Kind: ActKind.Regarding, ForThisMailOnly: true },
        past.Act.Undoes,
        past.UndoneBy,
        past.UndoneOn);
}
