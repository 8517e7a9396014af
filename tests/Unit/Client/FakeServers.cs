using System.Collections.Immutable;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Organizations;
using EmailTracking.Outbox;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>Servers, mailboxes and dead letters that are remembered, and answer as they are told.</summary>
internal sealed class FakeServers(Func<Dictionary<EmailAddress, MailboxFacts>> mailboxes) : IServersGrain, IDeadLetterGrain
{
    public Dictionary<string, ServerProfile> Profiles { get; } = [];

    /// <summary>How much tracked mail lies in any folder.</summary>
    public int InFolder { get; set; }

    public Dictionary<EmailAddress, MailboxStatus> Statuses { get; } = [];

    public ImmutableArray<Alert> Alerts { get; set; } = [];

    /// <summary>Who changed folder rules, and whether what lies there was meant as well.</summary>
    public List<(Author Author, bool AlsoExisting)> RuleChanges { get; } = [];

    public List<DeadLetter> Letters { get; } = [];

    /// <summary>Why a dead letter stays one.</summary>
    public string? Stays { get; set; }

    /// <summary>What opening any mailbox comes to.</summary>
    public MailboxTest Test { get; set; } = new(new ServerAbilities([], true, true, true, true, true, true), ["Inbox", "Sent"], null, null);

    /// <summary>How looking into any mailbox goes.</summary>
    public Func<MailboxHealth> Look { get; set; } = () => new MailboxHealth { State = MailboxState.Healthy };

    public List<ComparisonRequest> Asked { get; } = [];

    /// <summary>What a comparison comes to.</summary>
    public Func<ComparisonRequest, MailboxComparison> Compare { get; set; } = _ => new MailboxComparison([]);

    public IMailboxSyncGrain Mailbox(string key) => new Sync(this, GrainKeys.MailboxOf(key));

    public Task<ImmutableArray<ServerProfile>> ReadProfilesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Profiles.Values.OrderBy(one => one.Name, StringComparer.Ordinal).ToImmutableArray());

    public Task<string?> SaveProfileAsync(ServerProfile profile, CancellationToken cancellationToken)
    {
        var problem = ConnectionCheck.ProblemOf(profile);
        if (problem is null)
        {
            Profiles[profile.Name] = profile;
        }

        return Task.FromResult(problem);
    }

    public Task<string?> RemoveProfileAsync(string name, CancellationToken cancellationToken)
    {
        var uses = Statuses.Values.Count(one => one.Connection.Profile == name);
        if (uses == 0)
        {
            Profiles.Remove(name);
        }

        return Task.FromResult(uses == 0 ? null : $"{uses} mailboxes use profile '{name}'.");
    }

    public Task<ImmutableArray<MailboxStatus>> ReadStatusesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Statuses.Values.Select(one => one with { Folders = [] }).ToImmutableArray());

    public Task<string?> SetFolderRuleAsync(
        EmailAddress mailbox, TrackingFolder rule, Author author, bool alsoExisting, CancellationToken cancellationToken)
    {
        if (!mailboxes().TryGetValue(mailbox, out var standing))
        {
            return Task.FromResult<string?>($"There is no mailbox {mailbox}.");
        }

        RuleChanges.Add((author, alsoExisting));
        mailboxes()[mailbox] = standing with { Folders = [.. standing.Folders.Where(one => one.Name != rule.Name), rule] };
        return Task.FromResult<string?>(null);
    }

    public Task<string?> RemoveFolderRuleAsync(EmailAddress mailbox, string folder, Author author, CancellationToken cancellationToken)
    {
        var standing = mailboxes()[mailbox];
        RuleChanges.Add((author, false));
        mailboxes()[mailbox] = standing with { Folders = standing.Folders.RemoveAll(one => one.Name == folder) };
        return Task.FromResult(
            mailboxes()[mailbox].Folders.Length < standing.Folders.Length ? null : $"Folder {folder} of {mailbox} has no rule.");
    }

    public Task<ImmutableArray<Alert>> ReadAlertsAsync(bool onlyStanding, int countMax, CancellationToken cancellationToken) =>
        Task.FromResult(Alerts.Where(one => !onlyStanding || one.ClearedOn is null).Take(countMax).ToImmutableArray());

    public Task WakeMailboxesAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<DeadLetter?> FindAsync(SightingPlace place, CancellationToken cancellationToken) =>
        Task.FromResult(Letters.Find(one => one.Place == place));

    public Task<RetriedLetter?> RetryAsync(SightingPlace place, CancellationToken cancellationToken)
    {
        if (Letters.Find(one => one.Place == place) is not { } letter)
        {
            return Task.FromResult<RetriedLetter?>(null);
        }

        if (Stays is { } problem)
        {
            return Task.FromResult<RetriedLetter?>(new RetriedLetter(null, null, problem));
        }

        Letters.Remove(letter);
        return Task.FromResult<RetriedLetter?>(new RetriedLetter(Outcome.Tracked, ReasonCode.AcceptAll, null));
    }

    private sealed class Sync(FakeServers servers, EmailAddress mailbox) : IMailboxSyncGrain
    {
        public Task<string?> ConnectAsync(MailboxConnection connection, CancellationToken cancellationToken)
        {
            if (!servers.Profiles.ContainsKey(connection.Profile))
            {
                return Task.FromResult<string?>($"There is no server profile '{connection.Profile}'.");
            }

            servers.Statuses[mailbox] = servers.Statuses.TryGetValue(mailbox, out var standing)
                ? standing with { Connection = connection }
                : new MailboxStatus(connection, new MailboxHealth(), []);
            return Task.FromResult(ConnectionCheck.ProblemOf(connection));
        }

        public Task<MailboxTest> TestAsync(CancellationToken cancellationToken) => Task.FromResult(servers.Test);

        public Task<MailboxStatus?> ReadStatusAsync(CancellationToken cancellationToken) =>
            Task.FromResult(servers.Statuses.GetValueOrDefault(mailbox));

        public Task<MailboxHealth> LookAsync(CancellationToken cancellationToken) => Task.FromResult(servers.Look());

        public Task<bool> FetchAsync(MessageId messageId, CancellationToken cancellationToken) => Task.FromResult(false);

        public Task<ImmutableArray<SightingPlace>> RecallAsync(ImmutableArray<OutboxItem> items, CancellationToken cancellationToken) =>
            Task.FromResult(ImmutableArray<SightingPlace>.Empty);

        public Task<int> CountFolderAsync(string folder, CancellationToken cancellationToken) => Task.FromResult(servers.InFolder);

        public Task<int> CountNewInFolderAsync(string folder, DateOnly? from, DateOnly? until, CancellationToken cancellationToken) =>
            Task.FromResult(servers.InFolder);

        public Task<bool> StampAsync(CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<int> RelinkFolderAsync(string folder, CancellationToken cancellationToken) => Task.FromResult(servers.InFolder);

        public async Task<MailboxComparison> CompareAsync(ComparisonRequest request, CancellationToken cancellationToken)
        {
            servers.Asked.Add(request);
            await Task.Yield();
            return servers.Compare(request);
        }
    }
}
