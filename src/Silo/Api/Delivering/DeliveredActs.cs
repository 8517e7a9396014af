using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Intake;
using EmailTracking.Queries;
using EmailTracking.Silo.Api.Acts;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Api.Delivering;

/// <summary>Tracks by hand what is delivered: for mail of a mailbox that has no server, the file comes with the act.</summary>
internal sealed class DeliveredActs(ManualActs acts, EmailTrackingClient client, Owners owners)
{
    /// <summary>Why what somebody delivers may not be tracked by them, before it is read; null when it may.</summary>
    public async Task<Refusal?> ProblemAsync(Visitor visitor, EmailAddress mailbox, string? regarding, CancellationToken cancellationToken)
    {
        var reach = visitor.Principal.ReachOf(Privilege.ActOnMail);
        return regarding is not null && !RecordReference.TryParse(regarding, out _)
            ? new Refusal(StatusCodes.Status400BadRequest, "Not understood", $"'{regarding}' is no record. Give TABLE/ID, for example account/ID.")
            : reach == Reach.All || (reach == Reach.Own && await owners.MayAsync(visitor.Principal, Privilege.ActOnMail, mailbox, cancellationToken))
                ? null
                : new Refusal(StatusCodes.Status403Forbidden, "Not allowed", "You may deliver mail here, and not track it by hand. Leave out track=true.");
    }

    /// <summary>Tracks a mail that was delivered a moment ago.</summary>
    public async Task<Told<DeliveredAnswer>> TrackAsync(
        Visitor visitor, EmailAddress mailbox, string? regarding, DeliveryAnswer delivered, CancellationToken cancellationToken)
    {
        if (delivered.MessageId is not { } id)
        {
            return Told<DeliveredAnswer>.Not(new Refusal(
                StatusCodes.Status422UnprocessableEntity, "Refused", "It is delivered, and has no Message-ID. Track it by its key, which lists show."));
        }

        var body = new ActBody(
            [$"<{id}>"], RecordReference.TryParse(regarding, out var record) ? record : null, null, null, null, mailbox.Value);
        var actor = visitor with { Reach = visitor.Principal.ReachOf(Privilege.ActOnMail) };
        var told = await acts.ActAsync(actor, Guid.CreateVersion7(), ActKind.Track, body, cancellationToken);
        if (told.Problem is { } problem)
        {
            return Told<DeliveredAnswer>.Not(problem);
        }

        var row = (await client.ExplainAsync($"<{id}>", cancellationToken))?.Email;
        var answer = DeliveredAnswer.Of(delivered) with { Act = told.Value!.Id };
        return Told<DeliveredAnswer>.That(row is null || told.Value.Pending > 0
            ? answer
            : answer with
            {
                Outcome = AccessCheck.Word(row.Outcome),
                ReasonCode = row.Reason,
                Reason = TraceWords.Of(row.Reason),
                ActivityId = row.Activity?.ActivityId,
                ConversationId = row.Activity?.State.ConversationId,
            });
    }
}
