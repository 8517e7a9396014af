using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Records;

/// <summary>Which record an address stands for in all mail, whatever else has the address.</summary>
internal static class AddressChoiceEndpoints
{
    private const string Tag = "Records";

    public static void Map(IEndpointRouteBuilder api)
    {
        var choice = api.MapGroup("address-choices/{emailaddress}");
        choice.MapPut("", ChooseAsync)
            .Describes<RecordChanged>("choose-record", Tag, "Says which record an address stands for in all mail, past and future.")
            .Needs(Privilege.ChangeRecords, isChange: true);
        choice.MapDelete("", (EmailAddress emailAddress, string? why, EmailTrackingClient client, HttpContext context, CancellationToken token) =>
                RecordEndpoints.AnswerAsync(client.ChooseRecordAsync(Choice(context, emailAddress, null, why), token)))
            .Describes<RecordChanged>("take-choice-back", Tag, "Takes back which record an address stands for.")
            .Needs(Privilege.ChangeRecords, isChange: true);
        choice.MapGet("preview", async (EmailAddress emailAddress, EmailTrackingClient client, CancellationToken token) =>
                Results.Json(new TouchedAnswer((await client.PreviewChoiceAsync(emailAddress, token)).Count)))
            .Describes<TouchedAnswer>("preview-choice", Tag, "How many emails are from or to an address: those that a choice touches.")
            .Needs(Privilege.ChangeRecords);
    }

    private static Task<IResult> ChooseAsync(
        EmailAddress emailAddress, ChoiceBody body, EmailTrackingClient client, HttpContext context, CancellationToken token) => body.Record is { } record
            ? RecordEndpoints.AnswerAsync(client.ChooseRecordAsync(Choice(context, emailAddress, record, body.Why), token))
            : Task.FromResult(ApiAnswers.Wrong("Say which record it stands for: {\"record\": {\"logicalname\": \"contact\", \"id\": …}}"));

    private static RecordChoice Choice(HttpContext context, EmailAddress address, RecordReference? record, string? why) =>
        new(address, record, Visitor.Of(context).Author(null).By, why);
}

/// <summary>Which record an address is to stand for.</summary>
/// <param name="Record">The record, which need not have the address itself.</param>
/// <param name="Why">Why.</param>
internal sealed record ChoiceBody(RecordReference? Record, string? Why);

/// <summary>Somebody chose a record for an address, or took that back.</summary>
internal sealed record ChoiceAnswer(string EmailAddress, string ChosenBy, DateTimeOffset ChosenOn, string? Why, bool IsTakenBack)
{
    public static ChoiceAnswer Of(AddressChoice choice) => new(choice.Address.Value, choice.By, choice.On, choice.Why, choice.IsCleared);
}
