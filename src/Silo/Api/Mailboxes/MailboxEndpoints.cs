using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Mailboxes;

/// <summary>Mailboxes: how they are read, and how that goes.</summary>
internal static class MailboxEndpoints
{
    /// <summary>The path of one mailbox.</summary>
    public const string One = "mailboxes/{address}";

    private const string Tag = "Mailboxes";
    private const int CountStandard = 100;
    private const int CountMax = 1_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("mailboxes", ListAsync)
            .Describes<ListAnswer<MailboxAnswer>>("list-mailboxes", Tag, "The mailboxes that you may see, by address, with how reading them goes. Follow nextlink.")
            .NeedsForChosen(Privilege.ReadMailboxes);
        var one = api.MapGroup(One);
        one.MapGet("", ReadAsync)
            .Describes<MailboxDetails>("read-mailbox", Tag, "One mailbox: how it is read, how that goes, its folders and folder rules.")
            .NeedsForMailbox(Privilege.ReadMailboxes);
        one.MapPost("test", TestAsync)
            .Describes<MailboxTestAnswer>("test-mailbox", Tag, "Opens the mailbox once, and says what is there; with enable it is read from now on if that goes well.")
            .NeedsForMailbox(Privilege.RunMailboxes, isChange: true)
            .DisableRequestTimeout();
        one.MapPost("disable", DisableAsync)
            .Describes<MailboxAnswer>("disable-mailbox", Tag, "Has the mailbox read no longer. What was tracked stays; enabled again, it goes on where it was.")
            .NeedsForMailbox(Privilege.RunMailboxes, isChange: true);
        one.MapPost("look", LookAsync)
            .Describes<HealthAnswer>("look-into-mailbox", Tag, "Looks now, and answers when everything that is there was read, or reading failed.")
            .NeedsForMailbox(Privilege.RunMailboxes, isChange: true)
            .DisableRequestTimeout();
    }

    /// <summary>There is no such mailbox.</summary>
    public static Refusal NotThere(EmailAddress address) =>
        Refusal.Missing($"There is no mailbox {address}. GET {ApiPart.Root}/mailboxes lists those that there are.");

    /// <inheritdoc cref="NotThere"/>
    public static IResult Missing(EmailAddress address) => ApiAnswers.Of(NotThere(address));

    /// <summary>A mailbox; null when there is none of the address.</summary>
    public static async Task<MailboxFacts?> FindAsync(EmailTrackingClient client, EmailAddress address, CancellationToken token) =>
        (await client.ReadMailboxesAsync(token)).FirstOrDefault(mailbox => mailbox.Address == address);

    private static async Task<IResult> ListAsync(
        string? after, int? count, EmailTrackingClient client, Owners owners, HttpContext context, CancellationToken token)
    {
        if (Bounds.Read(count, CountStandard, CountMax, out var asked) is { } wrong)
        {
            return wrong;
        }

        var statuses = (await client.ReadMailboxStatusesAsync(token)).ToDictionary(status => status.Connection.Mailbox);
        var rest = (await owners.SeenAsync(Visitor.Of(context), token))
            .Where(mailbox => after is null || string.CompareOrdinal(mailbox.Address.Value, after) > 0)
            .OrderBy(mailbox => mailbox.Address.Value, StringComparer.Ordinal)
            .Take(asked + 1)
            .ToList();
        return ApiAnswers.List(
            rest.Take(asked).Select(mailbox => MailboxAnswer.Of(mailbox, statuses.GetValueOrDefault(mailbox.Address))),
            rest.Count > asked
                ? FormattableString.Invariant($"{ApiPart.Root}/mailboxes?after={Uri.EscapeDataString(rest[asked - 1].Address.Value)}&count={asked}")
                : null);
    }

    private static async Task<IResult> ReadAsync(EmailAddress address, EmailTrackingClient client, CancellationToken token) =>
        await FindAsync(client, address, token) is { } mailbox
            ? Results.Json(MailboxDetails.Of(mailbox, await client.ReadMailboxStatusAsync(address, token)))
            : Missing(address);

    private static async Task<IResult> TestAsync(EmailAddress address, TestBody? body, MailboxActs acts, CancellationToken token)
    {
        var told = await acts.TestAsync(address, body?.Enable == true, token);
        return told.Value is { } tested ? Results.Json(MailboxTestAnswer.Of(tested.Test, tested.Connection)) : ApiAnswers.Of(told.Problem!);
    }

    private static async Task<IResult> DisableAsync(EmailAddress address, MailboxActs acts, CancellationToken token) =>
        ApiAnswers.Of(await acts.DisableAsync(address, token));

    private static async Task<IResult> LookAsync(EmailAddress address, MailboxActs acts, CancellationToken token) =>
        ApiAnswers.Of(await acts.LookAsync(address, token));
}

/// <summary>What a test is to do.</summary>
/// <param name="Enable">Whether to enable the mailbox when the test goes well. It approves nothing.</param>
internal sealed record TestBody(bool? Enable);
