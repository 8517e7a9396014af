using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Organizations;

/// <summary>One organization: its mailboxes, its CRM records, its settings. Not on an email's path. Key: organization/o:.</summary>
[GrainInterfaceType("organization")]
public interface IOrganizationGrain : IGrainWithStringKey
{
    /// <summary>How many records are read at once.</summary>
    const int RecordsMax = 1_000;

    /// <summary>The most versions of the settings that one call reads.</summary>
    const int HistoryMax = 1_000;

    /// <summary>How many emails are counted that a load may link anew: 5,000 are 5,000 or more.</summary>
    const int RelinkedMax = 5_000;

    /// <summary>Creates a mailbox that does not exist; one that exists stays as it is. Safe to repeat.</summary>
    [Alias("EnsureMailbox")]
    Task<EnsuredMailbox> EnsureMailboxAsync(MailboxFacts mailbox, CancellationToken cancellationToken = default);

    /// <summary>Sets a mailbox's owner, kind, filter and tracked folders. Safe to repeat.</summary>
    [Alias("SaveMailbox")]
    Task SaveMailboxAsync(MailboxFacts mailbox, CancellationToken cancellationToken = default);

    /// <summary>Every mailbox, by address.</summary>
    [Alias("ReadMailboxes")]
    Task<ImmutableArray<MailboxFacts>> ReadMailboxesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Inserts or updates records with their addresses, all or none; users and queues get a mailbox. Mail that has such an address is
    /// linked anew in the background. A deleted record is there again; a merged one stays inactive and merged. Safe to repeat.
    /// </summary>
    /// <param name="records">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    /// <exception cref="UnknownTableException">One is of a table that nobody described: nothing is saved.</exception>
    [Alias("SaveRecords")]
    Task SaveRecordsAsync(ImmutableArray<CrmRecord> records, CancellationToken cancellationToken = default);

    /// <summary>The tables that were described for this organization, by name; <see cref="KnownTables.BuiltIn"/> are there without.</summary>
    [Alias("ReadTables")]
    Task<ImmutableArray<TableDefinition>> ReadTablesAsync(CancellationToken cancellationToken = default);

    /// <summary>Describes a table, or describes it anew; in force with the next batch of mail. Safe to repeat.</summary>
    /// <param name="table">The table. Records that are loaded already keep the addresses that they were loaded with.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    /// <returns>Why it is refused, and what to do: nothing has changed. Null when it is done.</returns>
    [Alias("SaveTable")]
    Task<string?> SaveTableAsync(TableDefinition table, CancellationToken cancellationToken = default);

    /// <summary>Forgets how a table was described; a built-in one is again what it was. Its records stay. Safe to repeat.</summary>
    /// <returns>Whether it was described.</returns>
    [Alias("RemoveTable")]
    Task<bool> RemoveTableAsync(string logicalName, CancellationToken cancellationToken = default);

    /// <summary>A record as it stands; null when it was never loaded.</summary>
    [Alias("ReadRecord")]
    Task<RecordView?> ReadRecordAsync(RecordReference record, CancellationToken cancellationToken = default);

    /// <summary>Records by reference, at most <see cref="RecordsMax"/>: those behind, and those that were never loaded, are left out.</summary>
    [Alias("ReadRecords")]
    Task<ImmutableArray<CrmRecord>> ReadRecordsAsync(ImmutableArray<RecordReference> records, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="IDirectory.ReadSharedAddressesAsync"/>
    [Alias("ReadSharedAddresses")]
    Task<SharedAddresses> ReadSharedAddressesAsync(EmailAddress? from, int countMax, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="IDirectory.ReadCandidatesAsync"/>
    [Alias("ReadCandidates")]
    Task<ImmutableArray<AddressCandidate>> ReadCandidatesAsync(ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken = default);

    /// <summary>Activates or deactivates a record. To activate a converted lead takes the conversion back. Safe to repeat.</summary>
    [Alias("SetRecordState")]
    Task<RecordAnswer> SetRecordStateAsync(RecordReference record, bool isActive, CancellationToken cancellationToken = default);

    /// <summary>
    /// Merges a record into another of its table, for good: it is inactive, its addresses mean the master, and mail about it is about
    /// the master; so for all that was merged or converted into it before. Safe to repeat.
    /// </summary>
    [Alias("MergeRecords")]
    Task<RecordAnswer> MergeRecordsAsync(
        RecordReference subordinate, RecordReference master, CancellationToken cancellationToken = default);

    /// <summary>
    /// A lead became another record: it is inactive, and mail about it is about the other one. Its addresses go on meaning the lead.
    /// Safe to repeat.
    /// </summary>
    [Alias("ConvertRecord")]
    Task<RecordAnswer> ConvertRecordAsync(RecordReference lead, RecordReference other, CancellationToken cancellationToken = default);

    /// <summary>Deletes a record: nobody is meant by its addresses, and mail about it says that it is gone. Safe to repeat.</summary>
    [Alias("DeleteRecord")]
    Task<RecordAnswer> DeleteRecordAsync(RecordReference record, CancellationToken cancellationToken = default);

    /// <summary>
    /// Chooses the record that an address stands for, whatever else has the address, or takes the choice back. Stored mail of the
    /// address is linked anew in the background. Safe to repeat.
    /// </summary>
    /// <returns>The version of the directory, or why it is refused: then nothing has changed.</returns>
    [Alias("ChooseRecord")]
    Task<RecordAnswer> ChooseRecordAsync(RecordChoice choice, CancellationToken cancellationToken = default);

    /// <summary>The emails that a choice for an address touches: how many have it, and the latest of them.</summary>
    [Alias("PreviewChoice")]
    Task<TouchedEmails> PreviewChoiceAsync(EmailAddress address, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ITrackingQueries.ReadTouchedAsync"/>
    [Alias("PreviewRecordChange")]
    Task<TouchedEmails> PreviewRecordChangeAsync(
        RecordReference record, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken = default);

    /// <summary>
    /// The emails that a load of records may link anew: those with a participant whose address may stand for another record then.
    /// Records that stand as they are to be loaded link none.
    /// </summary>
    /// <param name="records">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Their row numbers, at most <see cref="RelinkedMax"/>, so that pages of a file can be counted together.</returns>
    [Alias("PreviewLoad")]
    Task<ImmutableArray<long>> PreviewLoadAsync(ImmutableArray<CrmRecord> records, CancellationToken cancellationToken = default);

    /// <summary>The settings in force.</summary>
    [Alias("ReadSettings")]
    Task<TrackingSettings> ReadSettingsAsync(CancellationToken cancellationToken = default);

    /// <summary>Sets one setting. Safe to repeat: a value that stands already makes no version.</summary>
    /// <param name="name">One of <see cref="SettingCatalogue.All"/>, in any case.</param>
    /// <param name="value">Its value as text.</param>
    /// <param name="author">Who changes it, and why.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    [Alias("SetSetting")]
    Task<SettingAnswer> SetSettingAsync(string name, string value, Author author, CancellationToken cancellationToken = default);

    /// <summary>Sets what two ways of working differ in. Safe to repeat.</summary>
    /// <param name="preset">One of <see cref="SettingCatalogue.Presets"/>, in any case.</param>
    /// <param name="author">Who changes it, and why.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    /// <returns>Before and after list every setting that a preset sets, with its value.</returns>
    [Alias("ApplyPreset")]
    Task<SettingAnswer> ApplyPresetAsync(string preset, Author author, CancellationToken cancellationToken = default);

    /// <summary>The options of a mailbox, and what the organization makes of them; null when there is no such mailbox.</summary>
    [Alias("ReadMailboxOptions")]
    Task<MailboxOptionsAnswer?> ReadMailboxOptionsAsync(EmailAddress mailbox, CancellationToken cancellationToken = default);

    /// <summary>Sets one option of a mailbox. Safe to repeat: a value that stands already changes nothing.</summary>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="name">One of <see cref="MailboxOption.All"/>, in any case.</param>
    /// <param name="value">Its value as text.</param>
    /// <param name="author">Who changes it, and why.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    [Alias("SetMailboxOption")]
    Task<SettingAnswer> SetMailboxOptionAsync(
        EmailAddress mailbox, string name, string value, Author author, CancellationToken cancellationToken = default);

    /// <summary>Who changed which option of a mailbox, newest first.</summary>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="countMax">How many at most, 1 to <see cref="HistoryMax"/>.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    [Alias("ReadMailboxChanges")]
    Task<ImmutableArray<MailboxChange>> ReadMailboxChangesAsync(
        EmailAddress mailbox, int countMax, CancellationToken cancellationToken = default);

    /// <summary>The versions of the settings, newest first.</summary>
    /// <param name="countMax">How many at most, 1 to <see cref="HistoryMax"/>.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    [Alias("ReadSettingsHistory")]
    Task<ImmutableArray<SettingsVersion>> ReadSettingsHistoryAsync(int countMax, CancellationToken cancellationToken = default);

    /// <summary>The version in force of every queue that ever had a creation rule, also of those whose rule was removed; by address.</summary>
    [Alias("ReadRules")]
    Task<ImmutableArray<RuleVersion>> ReadRulesAsync(CancellationToken cancellationToken = default);

    /// <summary>The versions of one queue's rule, newest first.</summary>
    /// <param name="queue">The queue, by the address of its mailbox.</param>
    /// <param name="countMax">How many at most, 1 to <see cref="HistoryMax"/>.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    [Alias("ReadRuleHistory")]
    Task<ImmutableArray<RuleVersion>> ReadRuleHistoryAsync(
        EmailAddress queue, int countMax, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets the rule of a queue; in force for mail that is first seen after it, on every silo. Safe to repeat: a rule that stands already
    /// makes no version.
    /// </summary>
    [Alias("SetRule")]
    Task<RuleAnswer> SetRuleAsync(CreationRule rule, Author author, CancellationToken cancellationToken = default);

    /// <summary>Removes the rule of a queue. What it created stays, and so do its versions.</summary>
    [Alias("RemoveRule")]
    Task<RuleAnswer> RemoveRuleAsync(EmailAddress queue, Author author, CancellationToken cancellationToken = default);
}

/// <summary>Who changes something, and why.</summary>
/// <param name="By">Who, 1 to 200 characters.</param>
/// <param name="Why">Why, at most 500 characters; null when they do not say.</param>
[GenerateSerializer, Immutable, Alias("Author")]
public sealed record Author([property: Id(0)] string By, [property: Id(1)] string? Why = null)
{
    private const int ByMax = 200;
    private const int WhyMax = 500;

    /// <summary>
    /// What they saw when they made up their mind: the version of the settings or of the rule, or the option's value as text. When others
    /// changed it since, the change is refused, unless what they want stands already. Null: it is made whatever stands.
    /// </summary>
    [Id(2)]
    public string? Seen { get; init; }

    /// <summary>Why it is refused, since others changed what they saw; null when nobody did.</summary>
    /// <param name="standing">What stands now, as <see cref="Seen"/>.</param>
    public string? ProblemSince(string standing) =>
        Seen is null || Seen == standing ? null : $"Others changed it meanwhile: it is {standing} now, not {Seen}. Read it again, then change it.";

    /// <inheritdoc cref="ProblemSince(string)"/>
    public string? ProblemSince(long version) => ProblemSince(version.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>What is wrong with it, and what to do; null when nothing is.</summary>
    public string? Problem() =>
        By is not { Length: > 0 and <= ByMax } ? $"Say who does it, in 1 to {ByMax} characters."
        : Why is { Length: > WhyMax } ? $"Say why in at most {WhyMax} characters."
        : null;
}

/// <summary>The options of a mailbox.</summary>
/// <param name="Mailbox">The mailbox with its own options.</param>
/// <param name="Settings">The organization's settings.</param>
/// <param name="FilterForced">Who forced the filter of all users on it; null when its own counts.</param>
[GenerateSerializer, Immutable, Alias("MailboxOptionsAnswer")]
public sealed record MailboxOptionsAnswer(
    [property: Id(0)] MailboxFacts Mailbox, [property: Id(1)] TrackingSettings Settings, [property: Id(2)] SettingsVersion? FilterForced);

/// <summary>A record as it stands.</summary>
/// <param name="Record">The record with its addresses.</param>
/// <param name="Life">Whether it is there, and what it became.</param>
[GenerateSerializer, Immutable, Alias("RecordView")]
public sealed record RecordView([property: Id(0)] CrmRecord Record, [property: Id(1)] RecordLife Life)
{
    /// <summary>For which addresses people chose it, and when they took that back, newest first; at most <see cref="ChoicesMax"/>.</summary>
    [Id(2)]
    public ImmutableArray<AddressChoice> Choices { get; init; } = [];

    /// <summary>How many choices are told.</summary>
    public const int ChoicesMax = 50;
}

/// <summary>What setting a setting came to.</summary>
/// <param name="Version">The version in force.</param>
/// <param name="Before">The value before; null when the setting is refused.</param>
/// <param name="After">The value now; null when the setting is refused.</param>
/// <param name="Problem">Why it is refused, and what to do; null when it is not.</param>
[GenerateSerializer, Immutable, Alias("SettingAnswer")]
public sealed record SettingAnswer(
    [property: Id(0)] long Version, [property: Id(1)] string? Before, [property: Id(2)] string? After, [property: Id(3)] string? Problem);

/// <summary>A mailbox that exists now.</summary>
/// <param name="Mailbox">The mailbox as it stands.</param>
/// <param name="IsCreated">Whether the call created it.</param>
[GenerateSerializer, Immutable, Alias("EnsuredMailbox")]
public sealed record EnsuredMailbox([property: Id(0)] MailboxFacts Mailbox, [property: Id(1)] bool IsCreated);
