using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Queries;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Mail;

/// <summary>One email, why it is where it is, its raw mail, and its conversation.</summary>
internal static class EmailEndpoints
{
    private const string Tag = "Mail";
    private const string NotThere = "No such email was seen, or not where you may see it. Name it by its Message-ID, its activityid or its key.";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("emails/{email}", FindAsync)
            .Describes<EmailAnswer>("read-email", Tag, "One email, tracked or not, by its Message-ID (with %2F for a slash), activityid or key.")
            .NeedsForChosen(Privilege.ReadMail);
        api.MapGet("emails/{email}/why", ExplainAsync)
            .Describes<WhyAnswer>("explain-email", Tag, "Why it is tracked, linked or left out, in sentences, with the decision in each mailbox.")
            .NeedsForChosen(Privilege.ReadMail);
        api.MapGet("decisions/{email}", ExplainAsync)
            .Describes<WhyAnswer>("explain-decision", Tag, "Why an email is tracked, linked or left out: by the key of a decision, its Message-ID or activityid.")
            .NeedsForChosen(Privilege.ReadMail);
        api.MapGet("emails/{email}/raw", ReadRawAsync)
            .Describes<string>("read-raw-email", Tag, "The raw mail of a tracked email, byte for byte, as a download.")
            .NeedsForChosen(Privilege.ReadMail);
        api.MapGet("conversations/{conversation:guid}", ReadConversationAsync)
            .Describes<ConversationAnswer>("read-conversation", Tag, "The emails of a conversation that one may see, by date.")
            .NeedsForChosen(Privilege.ReadMail);
    }

    private static async Task<IResult> FindAsync(string email, EmailTrackingClient client, HttpContext context, CancellationToken token) =>
        await client.FindAsync(Visitor.Of(context).Principal, EmailName.Of(email), token) is { } row
            ? Results.Json(EmailAnswer.Of(row))
            : ApiAnswers.Missing(NotThere);

    private static async Task<IResult> ExplainAsync(string email, EmailTrackingClient client, HttpContext context, CancellationToken token) =>
        await client.ExplainAsync(Visitor.Of(context).Principal, EmailName.Of(email), token) is { } explanation
            ? Results.Json(WhyAnswer.Of(explanation))
            : ApiAnswers.Missing(NotThere);

    private static async Task<IResult> ReadRawAsync(string email, EmailTrackingClient client, HttpContext context, CancellationToken token) =>
        await client.OpenRawAsync(Visitor.Of(context).Principal, EmailName.Of(email), token) is { } raw
            ? Results.Stream(raw, "application/octet-stream", "mail.eml")
            : ApiAnswers.Missing(NotThere);

    private static async Task<IResult> ReadConversationAsync(
        Guid conversation, EmailTrackingClient client, HttpContext context, CancellationToken token) =>
        await client.ReadConversationAsync(Visitor.Of(context).Principal, conversation.ToString(), token) is { } view
            ? Results.Json(new ConversationAnswer(view.Id, [.. view.Emails.Select(EmailAnswer.Of)], view.HiddenCount))
            : ApiAnswers.Missing("No conversation has this id, or none of its emails may be seen by you.");
}

/// <summary>Why an email is where it is.</summary>
/// <param name="Email">The email.</param>
/// <param name="Why">The reasons in words, the outcome first.</param>
/// <param name="Decisions">The decision on each copy that one may know of.</param>
/// <param name="Parties">Its participants and their records.</param>
internal sealed record WhyAnswer(
    EmailAnswer Email, ImmutableArray<string> Why, ImmutableArray<DecisionAnswer> Decisions, ImmutableArray<PartyAnswer> Parties)
{
    public static WhyAnswer Of(Explanation explanation) => new(
        EmailAnswer.Of(explanation.Email),
        explanation.Sentences,
        [
            .. explanation.Decisions.Select(decision => new DecisionAnswer(
                decision.Place.Mailbox.Value, decision.Place.Folder, decision.Outcome.ToString(), decision.Reason.ToString(), decision.ReceivedOn)),
        ],
        [
            .. explanation.Parties.Select(party => new PartyAnswer(
                (int)party.Participant.Type, party.Participant.Address?.Value, party.Participant.Name, party.Record?.Id, party.Record?.LogicalName)),
        ]);
}

/// <summary>What was decided of a copy.</summary>
/// <param name="Mailbox">The address of the mailbox.</param>
/// <param name="Folder">The folder.</param>
/// <param name="Outcome">tracked, skipped, ...</param>
/// <param name="Reason">Why, as a name.</param>
/// <param name="ReceivedOn">When it was received there; UTC.</param>
internal sealed record DecisionAnswer(string Mailbox, string Folder, string Outcome, string Reason, DateTimeOffset ReceivedOn);

/// <summary>A participant (Dataverse table <c>activityparty</c>).</summary>
/// <param name="ParticipationTypeMask">1 sender, 2 to, 3 cc, 4 bcc, ...</param>
/// <param name="AddressUsed">The address.</param>
/// <param name="Name">The name beside it.</param>
/// <param name="PartyId">The record that it stands for; null: none.</param>
/// <param name="PartyIdType">Its table.</param>
internal sealed record PartyAnswer(int ParticipationTypeMask, string? AddressUsed, string Name, Guid? PartyId, string? PartyIdType);

/// <summary>A conversation.</summary>
/// <param name="ConversationTrackingId">The id under which it lives today.</param>
/// <param name="Emails">Its emails that one may see, by date.</param>
/// <param name="HiddenCount">How many more it has.</param>
internal sealed record ConversationAnswer(Guid ConversationTrackingId, ImmutableArray<EmailAnswer> Emails, int HiddenCount);
