using EmailTracking.Client;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Silo.Web;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Api.Mailboxes;

/// <summary>Keeps mailboxes going: for the API and the pages alike.</summary>
internal sealed class MailboxActs(EmailTrackingClient client)
{
    /// <summary>Opens a mailbox once, and says what is there.</summary>
    /// <param name="address">The mailbox.</param>
    /// <param name="enable">Whether it is read from now on if that goes well. It approves nothing.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Told<TestedMailbox>> TestAsync(EmailAddress address, bool enable, CancellationToken cancellationToken)
    {
        if (await client.ReadMailboxStatusAsync(address, cancellationToken) is not { Connection: var connection })
        {
            return Told<TestedMailbox>.Not(await WithoutServerAsync(address, cancellationToken));
        }

        var test = await client.TestMailboxAsync(address, cancellationToken);
        if (!enable || test.Abilities is null || connection.IsEnabled)
        {
            return Told<TestedMailbox>.That(new TestedMailbox(test, connection));
        }

        var enabled = connection with { IsEnabled = true };
        return await client.ConnectMailboxAsync(enabled, cancellationToken) is { } problem
            ? Told<TestedMailbox>.Not(Refusal.Refused(problem))
            : Told<TestedMailbox>.That(new TestedMailbox(test, enabled));
    }

    /// <summary>Has a mailbox read no longer.</summary>
    public async Task<Told<MailboxAnswer>> DisableAsync(EmailAddress address, CancellationToken cancellationToken)
    {
        if (await MailboxEndpoints.FindAsync(client, address, cancellationToken) is not { } mailbox ||
            await client.ReadMailboxStatusAsync(address, cancellationToken) is not { } status)
        {
            return Told<MailboxAnswer>.Not(await WithoutServerAsync(address, cancellationToken));
        }

        var disabled = status with { Connection = status.Connection with { IsEnabled = false } };
        return await client.ConnectMailboxAsync(disabled.Connection, cancellationToken) is { } problem
            ? Told<MailboxAnswer>.Not(Refusal.Refused(problem))
            : Told<MailboxAnswer>.That(MailboxAnswer.Of(mailbox, disabled));
    }

    /// <summary>Looks into a mailbox now; told when everything that is there was read, or reading failed.</summary>
    public async Task<Told<HealthAnswer>> LookAsync(EmailAddress address, CancellationToken cancellationToken)
    {
        if (await client.ReadMailboxStatusAsync(address, cancellationToken) is not { Connection: var connection })
        {
            return Told<HealthAnswer>.Not(await WithoutServerAsync(address, cancellationToken));
        }

        return connection is { IsEnabled: true, Approval: AccessApproval.Approved }
            ? Told<HealthAnswer>.That(HealthAnswer.Of(await client.LookIntoMailboxAsync(address, cancellationToken)))
            : Told<HealthAnswer>.Not(Refusal.Refused($"Mailbox {address} is not read: {NextStep(connection)}"));
    }

    private async Task<Refusal> WithoutServerAsync(EmailAddress address, CancellationToken cancellationToken) =>
        await MailboxEndpoints.FindAsync(client, address, cancellationToken) is null
            ? MailboxEndpoints.NotThere(address)
            : Refusal.Refused($"Mailbox {address} has no server. An administrator connects it: emailtracking mailbox connect {address} --profile NAME");

    private static string NextStep(MailboxConnection connection) => connection.Approval == AccessApproval.Approved
        ? "it is not enabled. Test and enable it."
        : $"it is not approved. An administrator approves it: emailtracking mailbox approve {connection.Mailbox}";
}

/// <summary>What a test of a mailbox came to, and how the mailbox is read now.</summary>
public sealed record TestedMailbox(MailboxTest Test, MailboxConnection Connection);
