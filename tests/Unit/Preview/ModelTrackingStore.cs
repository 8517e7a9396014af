using System.Collections.Immutable;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Preview;

/// <summary>The model of a store as a store that is only read; to write is an error.</summary>
public sealed class ModelTrackingStore(ModelStore store) : ITrackingStore, ITrackingQueries, IDirectory
{
    public Task<TrackingSnapshot> ReadFactsAsync(
        string organization, ImmutableArray<Sighting> sightings, CancellationToken cancellationToken) =>
        Task.FromResult(store.ReadFacts(sightings));

    public Task<TrackingSnapshot> ReadMembersAsync(
        string organization,
        TrackingSnapshot facts,
        ImmutableArray<Guid> conversations,
        ImmutableArray<MessageKey> keys,
        CancellationToken cancellationToken) => Task.FromResult(store.ReadMembers(facts, conversations, keys));

    public Task<EmailRow?> FindAsync(string organization, MessageKey email, CancellationToken cancellationToken) =>
        Task.FromResult(store.Emails.TryGetValue(email, out var known)
            ? new EmailRow
            {
                Key = email,
                Outcome = Outcome.Tracked,
                Reason = ReasonCode.AcceptAll,
                Mailboxes = [],
                Activity = new ActivityRow
                {
                    ActivityId = known.ActivityId,
                    Subject = known.BaseSubject,
                    State = known.State,
                    ContentHash = "",
                    ReceivingMailbox = default,
                },
            }
            : null);

    public Task<ImmutableArray<TraceEntry>> ReadTraceAsync(string organization, MessageKey email, CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableArray<TraceEntry>.Empty);

    public Task<ImmutableArray<CrmRecord>> ReadRecordsAsync(
        string organization, ImmutableArray<RecordReference> references, CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableArray<CrmRecord>.Empty);

    public Task<CommitResult> CommitAsync(TrackingChange change, CancellationToken cancellationToken) => throw Written();

    public Task<(MailboxFacts Mailbox, bool Created)> EnsureMailboxAsync(
        string organization, MailboxFacts mailbox, CancellationToken cancellationToken) => throw Written();

    public Task SaveMailboxAsync(string organization, MailboxFacts mailbox, CancellationToken cancellationToken) => throw Written();

    public Task SaveFolderRulesAsync(
        string organization,
        EmailAddress mailbox,
        ImmutableArray<TrackingFolder> rules,
        ImmutableArray<MailboxChange> changes,
        CancellationToken cancellationToken) => throw Written();

    public Task SaveRecordsAsync(string organization, ImmutableArray<CrmRecord> records, CancellationToken cancellationToken) =>
        throw Written();

    public Task SaveMailboxAsync(string organization, MailboxFacts mailbox, MailboxChange change, CancellationToken cancellationToken) =>
        throw Written();

    public Task<RecordAnswer> ChangeRecordAsync(string organization, RecordAct act, CancellationToken cancellationToken) => throw Written();

    public Task<RecordAnswer> ChooseRecordAsync(string organization, RecordChoice choice, CancellationToken cancellationToken) =>
        throw Written();

    public Task<ImmutableArray<AddressChoice>> ReadChoicesAsync(
        string organization, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken) => throw Unasked();

    public Task<SharedAddresses> ReadSharedAddressesAsync(string organization, EmailAddress? from, int countMax, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<ImmutableArray<AddressCandidate>> ReadCandidatesAsync(
        string organization, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken) => throw Unasked();

    public Task<ImmutableArray<AddressChoice>> ReadChoiceLogAsync(
        string organization, RecordReference record, int countMax, CancellationToken cancellationToken) => throw Unasked();

    public Task RemoveChangeAsync(string organization, long version, CancellationToken cancellationToken) => throw Written();

    public Task<ImmutableArray<RecordLife>> ReadLivesAsync(
        string organization, ImmutableArray<RecordReference> references, CancellationToken cancellationToken) => throw Unasked();

    public Task<ImmutableArray<DirectoryChange>> ReadChangesAsync(
        string organization, long after, int countMax, CancellationToken cancellationToken) => throw Unasked();

    public Task<ImmutableArray<long>> FindUnlinkedAsync(
        string organization, DirectoryChange change, long after, int countMax, CancellationToken cancellationToken) => throw Unasked();

    public Task<RelinkFacts> ReadRelinkAsync(string organization, ImmutableArray<long> rows, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<ImmutableArray<TraceEntry>> ReadPartyTraceAsync(string organization, MessageKey email, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<TouchedEmails> ReadTouchedAsync(
        string organization, RecordReference? record, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<ImmutableArray<MailboxChange>> ReadMailboxChangesAsync(
        string organization, EmailAddress mailbox, int countMax, CancellationToken cancellationToken) => throw Unasked();

    public Task<ImmutableArray<QueueItemRow>> ReadQueueAsync(
        string organization, Guid queueId, int countMax, CancellationToken cancellationToken) => throw Unasked();

    public Task<ImmutableArray<Guid>> ReadQueuesOfAsync(string organization, MessageKey email, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<Backlog> ReadBacklogAsync(string organization, CancellationToken cancellationToken) => throw Unasked();

    public Task<long> CountLeftOutAsync(
        string organization, EmailAddress mailbox, DateTimeOffset since, CancellationToken cancellationToken) => throw Unasked();

    public Task<long?> SaveSettingsAsync(
        string organization,
        TrackingSettings settings,
        string changedBy,
        DateTimeOffset changedOn,
        string? why,
        CancellationToken cancellationToken) => throw Written();

    public Task<ImmutableArray<MailboxFacts>> ReadMailboxesAsync(string organization, CancellationToken cancellationToken) => throw Unasked();

    public Task<ImmutableArray<TableDefinition>> ReadTablesAsync(string organization, CancellationToken cancellationToken) => throw Unasked();

    public Task SaveTableAsync(string organization, TableDefinition table, CancellationToken cancellationToken) => throw Written();

    public Task<bool> RemoveTableAsync(string organization, string logicalName, CancellationToken cancellationToken) => throw Written();

    public Task<TrackingSettings> ReadSettingsAsync(string organization, CancellationToken cancellationToken) => throw Unasked();

    public Task<ImmutableArray<SettingsVersion>> ReadSettingsHistoryAsync(
        string organization, int countMax, CancellationToken cancellationToken) => throw Unasked();

    public Task<ImmutableArray<EmailRow>> ListAsync(string organization, EmailFilter filter, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<MessageKey?> FindKeyAsync(string organization, Guid activityId, CancellationToken cancellationToken) => throw Unasked();

    public Task<Guid?> ResolveConversationAsync(string organization, Guid conversationId, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<ImmutableArray<EmailRow>> ReadConversationAsync(
        string organization, Guid conversationId, CancellationToken cancellationToken) => throw Unasked();

    public Task<ImmutableArray<DecisionRow>> ReadDecisionsAsync(string organization, MessageKey email, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<ImmutableArray<ActivityParty>> ReadPartiesAsync(string organization, MessageKey email, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<Act?> FindActAsync(string organization, Guid act, CancellationToken cancellationToken) => throw Unasked();

    public Task<ImmutableArray<Act>> ReadActsAsync(
        string organization, ImmutableArray<MessageKey> emails, CancellationToken cancellationToken) => throw Unasked();

    public Task<ImmutableArray<Act>> ReadLatestActsAsync(string organization, int countMax, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<ImmutableArray<EmailRow>> ExportAsync(string organization, MessageKey? after, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<ImmutableArray<DeadLetter>> ReadDeadLettersAsync(string organization, int countMax, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<DeadLetter?> FindDeadLetterAsync(string organization, SightingPlace place, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<ImmutableArray<CrowdedId>> ReadCrowdedIdsAsync(string organization, int countMax, CancellationToken cancellationToken) =>
        throw Unasked();

    public Task<TrackingCounts> CountAsync(string organization, CancellationToken cancellationToken) => throw Unasked();

    private static InvalidOperationException Written() => new("A preview writes nothing.");

    private static InvalidOperationException Unasked() => new("A preview does not ask this.");
}
