using System.Collections.Concurrent;
using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Acts;
using EmailTracking.Client;
using EmailTracking.Erasing;
using EmailTracking.Imports;
using EmailTracking.Intake;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Organizations;
using EmailTracking.Outbox;
using EmailTracking.Preview;
using EmailTracking.Tests.Unit.Preview;
using EmailTracking.Queries;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>A cluster that records what it is asked, and answers as it is told.</summary>
internal sealed partial class FakeCluster : IGrainFactory, IIntakeGrain, IQueryGrain, IOrganizationGrain, IActGrain
{
    public ConcurrentQueue<(Delivery Delivery, byte[] Content)> Delivered { get; } = [];

    public ConcurrentDictionary<string, ImportPosition?> Positions { get; } = new();

    public ConcurrentQueue<string> Uploads { get; } = [];

    public List<CrmRecord> Records { get; } = [];

    public List<int> RecordPages { get; } = [];

    public Dictionary<EmailAddress, MailboxFacts> Mailboxes { get; } = [];

    public ImmutableArray<EmailRow> Rows { get; set; } = [];

    public ImmutableArray<DeadLetter> Letters { get; set; } = [];

    public Explanation? Explanation { get; set; }

    public EmailFilter? Asked { get; private set; }

    public FakePreview Preview { get; } = new();

    public FakePendingTracks Pending { get; } = new();

    public FakeErasures Erasures { get; } = new();

    public FakeAccess Access { get; } = new();

    public FakeServers Servers => field ??= new FakeServers(() => Mailboxes);

    /// <summary>What a delivery comes to; the number counts the calls from 1.</summary>
    public Func<int, byte[], Task<DeliveryAnswer>> Answer { get; set; } =
        (_, _) => Task.FromResult(Answered(Outcome.Tracked, ReasonCode.AcceptAll, isFirst: true));

    /// <summary>Thrown by every question, when there is one.</summary>
    public Exception? Trouble { get; set; }

    public EmailTrackingClient Client(TimeProvider? time = null, TimeSpan? retryFor = null) => EmailTrackingClient.Over(
        this, new EmailTrackingClientOptions { RetryFor = retryFor ?? TimeSpan.FromSeconds(60) }, time ?? new SkippingTime());

    public static DeliveryAnswer Answered(Outcome outcome, ReasonCode reason, bool isFirst = false, string? problem = null) =>
        new(outcome, reason, isFirst, null, null, problem);

    public async Task<DeliveryAnswer> DeliverAsync(Delivery delivery, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        int count;
        lock (Delivered)
        {
            Delivered.Enqueue((delivery, content.ToArray()));
            count = Delivered.Count;
        }

        return await Answer(count, content.ToArray());
    }

    private readonly ConcurrentDictionary<(string Upload, long Offset), byte[]> _parts = new();

    public Task StageAsync(string uploadId, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        Uploads.Enqueue(uploadId);
        _parts.TryAdd((uploadId, offset), part.ToArray());
        return Task.CompletedTask;
    }

    public async Task<DeliveryAnswer> DeliverStagedAsync(Delivery delivery, string uploadId, long length, CancellationToken cancellationToken)
    {
        var parts = _parts.Where(part => part.Key.Upload == uploadId).OrderBy(part => part.Key.Offset).ToArray();
        var content = parts.SelectMany(part => part.Value).ToArray();
        if (content.Length != length)
        {
            throw new DeliveryException("Stage every part again.");
        }

        foreach (var part in parts)
        {
            _parts.TryRemove(part.Key, out _);
        }

        return await DeliverAsync(delivery, content, cancellationToken);
    }

    public ImmutableArray<CrowdedId> Crowded { get; set; } = [];

    public Task<ImmutableArray<CrowdedId>> ReadCrowdedIdsAsync(int countMax, CancellationToken cancellationToken) =>
        Task.FromResult(Crowded);

    public List<ActCall> Acts { get; } = [];

    public ActAnswer ActAnswer { get; set; } = new(Guid.Empty, null, 1, [], 0, 0);

    public ImmutableArray<PastAct>? History { get; set; } = [];

    public Task<ActAnswer> ActAsync(ActCall call, CancellationToken cancellationToken)
    {
        lock (Acts)
        {
            Acts.Add(call);
        }

        return Task.FromResult(ActAnswer);
    }

    public Task<ImmutableArray<PastAct>?> ReadHistoryAsync(string? name, int countMax, CancellationToken cancellationToken) =>
        Task.FromResult(History);

    public Task<ImmutableArray<EmailRow>> ListAsync(EmailFilter filter, CancellationToken cancellationToken)
    {
        Asked = filter;
        return Ask(Rows);
    }

    public Task<Explanation?> ExplainAsync(string email, CancellationToken cancellationToken) => Ask(Explanation);

    public Task<ImmutableArray<EmailRow>> ReadConversationAsync(Guid conversationId, CancellationToken cancellationToken) =>
        Ask(Rows.Where(row => row.Activity?.State.ConversationId == conversationId).ToImmutableArray());

    public Task<ImmutableArray<EmailRow>> ExportAsync(MessageKey? after, CancellationToken cancellationToken) =>
        Ask(Rows.Where(row => after is null || row.Key > after).OrderBy(row => row.Key).Take(2).ToImmutableArray());

    public Task<ImmutableArray<DeadLetter>> ReadDeadLettersAsync(int countMax, CancellationToken cancellationToken) => Ask(Letters);

    public Task<TrackingCounts> CountAsync(CancellationToken cancellationToken) =>
        Ask(new TrackingCounts(1234, 5, ImmutableDictionary<Outcome, long>.Empty.Add(Outcome.Waiting, 7), 0, 0));

    public Task<ReadOnlyMemory<byte>?> ReadRawAsync(Guid activityId, long offset, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> raw = "Subject: a\r\n\r\nb"u8.ToArray();
        return Ask<ReadOnlyMemory<byte>?>(raw[(int)offset..Math.Min(raw.Length, (int)offset + 4)]);
    }

    public Task<EnsuredMailbox> EnsureMailboxAsync(MailboxFacts mailbox, CancellationToken cancellationToken)
    {
        var created = Mailboxes.TryAdd(mailbox.Address, mailbox);
        return Ask(new EnsuredMailbox(Mailboxes[mailbox.Address], created));
    }

    public Task SaveMailboxAsync(MailboxFacts mailbox, CancellationToken cancellationToken)
    {
        Mailboxes[mailbox.Address] = mailbox;
        return Ask(true);
    }

    public Task<ImmutableArray<MailboxFacts>> ReadMailboxesAsync(CancellationToken cancellationToken) =>
        Ask(Mailboxes.Values.ToImmutableArray());

    public Task SaveRecordsAsync(ImmutableArray<CrmRecord> records, CancellationToken cancellationToken)
    {
        Records.AddRange(records);
        RecordPages.Add(records.Length);
        foreach (var one in records.Where(one => one.Facts.Reference.LogicalName == Tables.SystemUser))
        {
            Mailboxes.TryAdd(one.Addresses[0], new MailboxFacts(one.Addresses[0], one.Facts.Reference, false, FilterMethod.Replies, []));
        }

        return Ask(true);
    }

    public Dictionary<string, TableDefinition> Described { get; } = [];

    public Task<ImmutableArray<TableDefinition>> ReadTablesAsync(CancellationToken cancellationToken) =>
        Ask(Described.Values.OrderBy(table => table.LogicalName, StringComparer.Ordinal).ToImmutableArray());

    public Task<string?> SaveTableAsync(TableDefinition table, CancellationToken cancellationToken)
    {
        if (table.Problem() is { } problem)
        {
            return Ask<string?>(problem);
        }

        Described[table.LogicalName] = table;
        return Ask<string?>(null);
    }

    public Task<bool> RemoveTableAsync(string logicalName, CancellationToken cancellationToken) => Ask(Described.Remove(logicalName));

    public RecordView? Record { get; set; }

    public TouchedEmails Touched { get; set; } = new(0, []);

    public RecordAnswer RecordAnswer { get; set; } = new(1, true, null);

    public List<RecordAct> RecordActs { get; } = [];

    public Task<RecordView?> ReadRecordAsync(RecordReference record, CancellationToken cancellationToken) => Ask(Record);

    public Task<ImmutableArray<CrmRecord>> ReadRecordsAsync(ImmutableArray<RecordReference> records, CancellationToken cancellationToken) =>
        Ask(Record is { } view ? ImmutableArray.Create(view.Record) : []);

    public Task<SharedAddresses> ReadSharedAddressesAsync(EmailAddress? from, int countMax, CancellationToken cancellationToken) =>
        Ask(new SharedAddresses([], null));

    public Task<ImmutableArray<AddressCandidate>> ReadCandidatesAsync(ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken) =>
        Ask(ImmutableArray<AddressCandidate>.Empty);

    /// <summary>The rows of the emails that a page of records would link anew.</summary>
    public Func<ImmutableArray<CrmRecord>, ImmutableArray<long>> Relinked { get; set; } = _ => [];

    public Task<ImmutableArray<long>> PreviewLoadAsync(ImmutableArray<CrmRecord> records, CancellationToken cancellationToken) =>
        Ask(Relinked(records));

    public Task<TouchedEmails> PreviewRecordChangeAsync(
        RecordReference record, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken) => Ask(Touched);

    public Task<RecordAnswer> SetRecordStateAsync(RecordReference record, bool isActive, CancellationToken cancellationToken) =>
        Acted(new RecordAct(isActive ? RecordActKind.Activate : RecordActKind.Deactivate, record, null));

    public Task<RecordAnswer> MergeRecordsAsync(
        RecordReference subordinate, RecordReference master, CancellationToken cancellationToken) =>
        Acted(new RecordAct(RecordActKind.Merge, subordinate, master));

    public Task<RecordAnswer> ConvertRecordAsync(RecordReference lead, RecordReference other, CancellationToken cancellationToken) =>
        Acted(new RecordAct(RecordActKind.Convert, lead, other));

    public Task<RecordAnswer> DeleteRecordAsync(RecordReference record, CancellationToken cancellationToken) =>
        Acted(new RecordAct(RecordActKind.Delete, record, null));

    public List<RecordChoice> Choices { get; } = [];

    public Task<RecordAnswer> ChooseRecordAsync(RecordChoice choice, CancellationToken cancellationToken)
    {
        Choices.Add(choice);
        return Ask(RecordAnswer);
    }

    public Task<TouchedEmails> PreviewChoiceAsync(EmailAddress address, CancellationToken cancellationToken) => Ask(Touched);

    private Task<RecordAnswer> Acted(RecordAct act)
    {
        RecordActs.Add(act);
        return Ask(RecordAnswer);
    }

    public List<SettingsVersion> Settings { get; } = [];

    public Task<TrackingSettings> ReadSettingsAsync(CancellationToken cancellationToken) =>
        Ask(Settings.Count > 0 ? Settings[^1].Settings : new TrackingSettings());

    public async Task<SettingAnswer> SetSettingAsync(string name, string value, Author author, CancellationToken cancellationToken)
    {
        var (before, setting) = (await ReadSettingsAsync(cancellationToken), SettingCatalogue.Find(name));
        if (setting is null || setting.Write(before, value) is { Problem: not null })
        {
            return new SettingAnswer(before.Version, null, null, setting?.Write(before, value).Problem ?? SettingCatalogue.Unknown(name));
        }

        var after = setting.Write(before, value).Settings! with { Version = Settings.Count + 1 };
        Settings.Add(new SettingsVersion(after, author.By, DateTimeOffset.UnixEpoch, author.Why));
        return new SettingAnswer(after.Version, setting.Read(before), setting.Read(after), null);
    }

    public async Task<SettingAnswer> ApplyPresetAsync(string preset, Author author, CancellationToken cancellationToken)
    {
        if (SettingCatalogue.Apply(await ReadSettingsAsync(cancellationToken), preset) is not { } after)
        {
            return new SettingAnswer(0, null, null, $"There is no preset '{preset}'.");
        }

        Settings.Add(new SettingsVersion(after with { Version = Settings.Count + 1 }, author.By, DateTimeOffset.UnixEpoch, author.Why));
        return new SettingAnswer(Settings.Count, "before", "after", null);
    }

    public List<MailboxChange> MailboxChanges { get; } = [];

    public long LeftOut { get; set; }

    public async Task<MailboxOptionsAnswer?> ReadMailboxOptionsAsync(EmailAddress mailbox, CancellationToken cancellationToken)
    {
        var settings = await ReadSettingsAsync(cancellationToken);
        return Mailboxes.TryGetValue(mailbox, out var one)
            ? new MailboxOptionsAnswer(one, settings, settings.Acceptance.ForcedUserFilter is null ? null : Settings[^1])
            : null;
    }

    public Task<SettingAnswer> SetMailboxOptionAsync(
        EmailAddress mailbox, string name, string value, Author author, CancellationToken cancellationToken)
    {
        var (before, option) = (Mailboxes[mailbox], MailboxOption.Find(name)!);
        if (option.Write(before, value) is { Problem: { } problem })
        {
            return Ask(new SettingAnswer(0, null, null, problem));
        }

        var after = Mailboxes[mailbox] = option.Write(before, value).Mailbox!;
        MailboxChanges.Insert(0, new MailboxChange(
            option.Name, option.Read(before), option.Read(after), author.By, DateTimeOffset.UnixEpoch, author.Why));
        return Ask(new SettingAnswer(0, option.Read(before), option.Read(after), null));
    }

    public Task<ImmutableArray<MailboxChange>> ReadMailboxChangesAsync(
        EmailAddress mailbox, int countMax, CancellationToken cancellationToken) => Ask(MailboxChanges.Take(countMax).ToImmutableArray());

    public Task<ImmutableArray<QueueItemRow>> ReadQueueAsync(Guid queueId, int countMax, CancellationToken cancellationToken) =>
        Ask(Rows.Select(row => new QueueItemRow(DateTimeOffset.UnixEpoch, row)).Take(countMax).ToImmutableArray());

    public Task<Backlog> ReadBacklogAsync(CancellationToken cancellationToken) => Ask(new Backlog(0, null, 0));

    public Task<long> CountLeftOutAsync(EmailAddress mailbox, CancellationToken cancellationToken) => Ask(LeftOut);

    public Task<ImmutableArray<SettingsVersion>> ReadSettingsHistoryAsync(int countMax, CancellationToken cancellationToken) =>
        Ask(Enumerable.Reverse(Settings).Take(countMax).ToImmutableArray());

    public TGrain GetGrain<TGrain>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrain : IGrainWithStringKey =>
        typeof(TGrain) == typeof(IImportGrain) ? (TGrain)(object)new Import(this, primaryKey)
        : typeof(TGrain) == typeof(IPreviewGrain) ? (TGrain)(object)Preview
        : typeof(TGrain) == typeof(IAccessGrain) ? (TGrain)(object)Access
        : typeof(TGrain) == typeof(IPendingTrackGrain) ? (TGrain)(object)Pending
        : typeof(TGrain) == typeof(IErasureGrain) ? (TGrain)(object)Erasures
        : typeof(TGrain) == typeof(IMailboxSyncGrain) ? (TGrain)Servers.Mailbox(primaryKey)
        : typeof(TGrain) == typeof(IServersGrain) || typeof(TGrain) == typeof(IDeadLetterGrain) ? (TGrain)(object)Servers
        : (TGrain)(object)this;

    private Task<T> Ask<T>(T answer) => Trouble is null ? Task.FromResult(answer) : Task.FromException<T>(Trouble);

    private sealed class Import(FakeCluster cluster, string key) : IImportGrain
    {
        public Task<ImportPosition?> ReadPositionAsync(CancellationToken cancellationToken) =>
            Task.FromResult(cluster.Positions.GetValueOrDefault(key));

        public Task SavePositionAsync(ImportPosition? position, CancellationToken cancellationToken)
        {
            cluster.Positions[key] = position;
            return Task.CompletedTask;
        }
    }

    public TGrain GetGrain<TGrain>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrain : IGrainWithGuidKey => throw new NotSupportedException();

    public TGrain GetGrain<TGrain>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrain : IGrainWithIntegerKey => throw new NotSupportedException();

    public TGrain GetGrain<TGrain>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrain : IGrainWithGuidCompoundKey => throw new NotSupportedException();

    public TGrain GetGrain<TGrain>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrain : IGrainWithIntegerCompoundKey => throw new NotSupportedException();

    public TGrain GetGrain<TGrain>(GrainId grainId)
        where TGrain : IAddressable => throw new NotSupportedException();

    public TObserver CreateObjectReference<TObserver>(IGrainObserver obj)
        where TObserver : IGrainObserver => throw new NotSupportedException();

    public void DeleteObjectReference<TObserver>(IGrainObserver obj)
        where TObserver : IGrainObserver => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IAddressable GetGrain(Type grainInterfaceType, IdSpan grainKey) => throw new NotSupportedException();

    public IAddressable GetGrain(Type grainInterfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId) => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw new NotSupportedException();
}
