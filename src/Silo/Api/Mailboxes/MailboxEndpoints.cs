using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Mailboxes.Sync;
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
    public static IResult Missing(EmailAddress address) =>
        ApiAnswers.Missing($"There is no mailbox {address}. GET {ApiPart.Root}/mailboxes lists those that there are.");

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

    private static async Task<IResult> TestAsync(EmailAddress address, TestBody? body, EmailTrackingClient client, CancellationToken token)
    {
        if (await client.ReadMailboxStatusAsync(address, token) is not { Connection: var connection })
        {
            return await WithoutServerAsync(client, address, token);
        }

        var test = await client.TestMailboxAsync(address, token);
        if (body?.Enable != true || test.Abilities is null || connection.IsEnabled)
        {
            return Results.Json(MailboxTestAnswer.Of(test, connection));
        }

        var enabled = connection with { IsEnabled = true };
        return await client.ConnectMailboxAsync(enabled, token) is { } problem
            ? ApiAnswers.Refused(problem)
            : Results.Json(MailboxTestAnswer.Of(test, enabled));
    }

    private static async Task<IResult> DisableAsync(EmailAddress address, EmailTrackingClient client, CancellationToken token)
    {
        if (await FindAsync(client, address, token) is not { } mailbox || await client.ReadMailboxStatusAsync(address, token) is not { } status)
        {
            return await WithoutServerAsync(client, address, token);
        }

        var disabled = status with { Connection = status.Connection with { IsEnabled = false } };
        return await client.ConnectMailboxAsync(disabled.Connection, token) is { } problem
            ? ApiAnswers.Refused(problem)
            : Results.Json(MailboxAnswer.Of(mailbox, disabled));
    }

    private static async Task<IResult> LookAsync(EmailAddress address, EmailTrackingClient client, CancellationToken token)
    {
        if (await client.ReadMailboxStatusAsync(address, token) is not { Connection: var connection })
        {
            return await WithoutServerAsync(client, address, token);
        }

        return connection is { IsEnabled: true, Approval: AccessApproval.Approved }
            ? Results.Json(HealthAnswer.Of(await client.LookIntoMailboxAsync(address, token)))
            : ApiAnswers.Refused($"Mailbox {address} is not read: {NextStep(connection)}");
    }

    private static async Task<IResult> WithoutServerAsync(EmailTrackingClient client, EmailAddress address, CancellationToken token) =>
        await FindAsync(client, address, token) is null
            ? Missing(address)
            : ApiAnswers.Refused($"Mailbox {address} has no server. An administrator connects it: emailtracking mailbox connect {address} --profile NAME");

    private static string NextStep(MailboxConnection connection) => connection.Approval == AccessApproval.Approved
        ? "it is not enabled. Test and enable it."
        : $"it is not approved. An administrator approves it: emailtracking mailbox approve {connection.Mailbox}";
}

/// <summary>What a test is to do.</summary>
/// <param name="Enable">Whether to enable the mailbox when the test goes well. It approves nothing.</param>
internal sealed record TestBody(bool? Enable);
