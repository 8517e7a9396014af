using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Api.Mailboxes;

/// <summary>Who sees and tracks mail of a mailbox for its owner. The owner says so, or an administrator.</summary>
internal static class DelegateEndpoints
{
    private const string Tag = "Mailboxes";

    public static void Map(IEndpointRouteBuilder api)
    {
        var delegates = api.MapGroup($"{MailboxEndpoints.One}/delegates");
        delegates.MapGet("", async (EmailAddress address, EmailTrackingClient client, CancellationToken token) =>
                ApiAnswers.List((await client.ReadDelegatesAsync(address, token)).Select(DelegateAnswer.Of)))
            .Describes<ListAnswer<DelegateAnswer>>("list-mailbox-delegates", Tag, "Who sees and tracks mail of the mailbox for its owner, in order of time.")
            .NeedsForMailbox(Privilege.ReadMailboxes);
        delegates.MapPut("{systemuser:guid}", AddAsync)
            .Describes("add-mailbox-delegate", Tag, "Lets a user see and track mail of the mailbox for its owner, from their next request on. Safe to repeat.")
            .NeedsForMailbox(Privilege.ChangeMailboxes, isChange: true);
        delegates.MapDelete("{systemuser:guid}", async (EmailAddress address, Guid systemuser, EmailTrackingClient client, CancellationToken token) =>
                await client.RemoveDelegateAsync(address, systemuser, token)
                    ? Results.NoContent()
                    : ApiAnswers.Missing($"User {systemuser} is no delegate of {address}."))
            .Describes("remove-mailbox-delegate", Tag, "Lets a user see and track mail of the mailbox no longer. What they tracked stays.")
            .NeedsForMailbox(Privilege.ChangeMailboxes, isChange: true);
    }

    private static async Task<IResult> AddAsync(
        EmailAddress address, Guid systemuser, EmailTrackingClient client, HttpContext context, CancellationToken token) =>
        await client.AddDelegateAsync(new Delegation(address, systemuser, Visitor.Of(context).Author(null).By, default), token) is { } problem
            ? ApiAnswers.Refused(problem)
            : Results.NoContent();
}

/// <summary>A user who sees and tracks mail of a mailbox for its owner.</summary>
/// <param name="SystemUserId">The user.</param>
/// <param name="CreatedBy">Who said so.</param>
/// <param name="CreatedOn">When; UTC.</param>
internal sealed record DelegateAnswer(Guid SystemUserId, string CreatedBy, DateTimeOffset CreatedOn)
{
    public static DelegateAnswer Of(Delegation delegated) => new(delegated.SystemUser, delegated.AddedBy, delegated.AddedOn);
}
