using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Hosting;

/// <summary>Makes the servers and mailboxes that the configuration names, and changes those that stand otherwise, before the silo serves.</summary>
/// <remarks>What stands so already is not written, so any number of silos may start with it. What the configuration does not name stays.</remarks>
internal sealed class ConfiguredMail(MailPlan plan, IMailboxSync sync, IDirectory directory, TimeProvider time) : IHostedService
{
    private const string Organization = GrainKeys.DefaultOrganization;

    /// <inheritdoc/>
    /// <exception cref="OptionsValidationException">A mailbox names a profile that there is not: nothing was written.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (plan is { Profiles.IsEmpty: true, Mailboxes.IsEmpty: true })
        {
            return;
        }

        var standing = (await sync.ReadProfilesAsync(Organization, cancellationToken)).ToDictionary(profile => profile.Name);
        Check(standing.Keys.Concat(plan.Profiles.Select(profile => profile.Name)).ToHashSet(StringComparer.Ordinal));
        foreach (var profile in plan.Profiles.Where(profile => standing.GetValueOrDefault(profile.Name) != profile))
        {
            await sync.SaveProfileAsync(Organization, profile, cancellationToken);
        }

        foreach (var mailbox in plan.Mailboxes)
        {
            await ApplyAsync(mailbox, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Check(HashSet<string> profiles)
    {
        string[] problems =
        [
            .. plan.Mailboxes.Where(mailbox => !profiles.Contains(mailbox.Profile!)).Select(mailbox =>
                $"{MailPlan.Section}:Mailboxes ({mailbox.Address}): there is no profile '{mailbox.Profile}'. Name it in {MailPlan.Section}:Profiles, or make it " +
                "while a silo runs without this entry: emailtracking profile set NAME --host HOST"),
        ];
        if (problems.Length > 0)
        {
            throw new OptionsValidationException(MailPlan.Section, typeof(MailPlan), problems);
        }
    }

    private async Task ApplyAsync(PlannedMailbox planned, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var address = planned.Connection(null, today).Mailbox;
        var filter = planned.Filter ?? (planned.IsQueue ? FilterMethod.All : FilterMethod.Replies);
        var (mailbox, _) = await directory.EnsureMailboxAsync(
            Organization, new MailboxFacts(address, null, planned.IsQueue, filter, []), cancellationToken);
        if ((planned.Filter is { } wanted && wanted != mailbox.Filter) || planned.IsQueue != mailbox.IsQueue)
        {
            await directory.SaveMailboxAsync(
                Organization, mailbox with { Filter = planned.Filter ?? mailbox.Filter, IsQueue = planned.IsQueue }, cancellationToken);
        }

        var standing = (await sync.ReadConnectionAsync(Organization, address, cancellationToken))?.Connection;
        if (planned.Connection(standing, today) is var connection && connection != standing)
        {
            await sync.SaveConnectionAsync(Organization, connection, cancellationToken);
        }
    }
}
