using System.Collections.Immutable;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Storage;

/// <summary>Mailboxes, tables, CRM records with their addresses, and settings.</summary>
public interface IDirectory
{
    /// <summary>Creates a mailbox that does not exist; one that exists stays as it is.</summary>
    /// <returns>The mailbox as it stands, and whether it was created.</returns>
    Task<(MailboxFacts Mailbox, bool Created)> EnsureMailboxAsync(
        string organization, MailboxFacts mailbox, CancellationToken cancellationToken = default);

    /// <summary>Every mailbox, by address.</summary>
    Task<ImmutableArray<MailboxFacts>> ReadMailboxesAsync(string organization, CancellationToken cancellationToken = default);

    /// <summary>Sets a mailbox's owner, kind, filter and tracked folders; creates it, with its options, when it does not exist.</summary>
    Task SaveMailboxAsync(string organization, MailboxFacts mailbox, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="SaveMailboxAsync(string, MailboxFacts, CancellationToken)"/>, and sets its options, with who changed which of them, as one.</summary>
    Task SaveMailboxAsync(string organization, MailboxFacts mailbox, MailboxChange change, CancellationToken cancellationToken = default);

    /// <summary>Sets a mailbox's tracked folders, and nothing else of it, with who changed which of them, as one; nothing when it does not exist.</summary>
    Task SaveFolderRulesAsync(
        string organization,
        EmailAddress mailbox,
        ImmutableArray<TrackingFolder> rules,
        ImmutableArray<MailboxChange> changes,
        CancellationToken cancellationToken = default);

    /// <summary>Who changed which option or folder rule of a mailbox, newest first, at most so many.</summary>
    Task<ImmutableArray<MailboxChange>> ReadMailboxChangesAsync(
        string organization, EmailAddress mailbox, int countMax, CancellationToken cancellationToken = default);

    /// <summary>Inserts or updates records with all their addresses, as one. A deleted record is there again.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="records">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    /// <remarks>
    /// When any address may stand for other records now, the directory has its next version, and a <see cref="DirectoryChange"/> lists
    /// the addresses. Writers of one organization queue up: versions are in the order of the commits.
    /// </remarks>
    Task SaveRecordsAsync(string organization, ImmutableArray<CrmRecord> records, CancellationToken cancellationToken = default);

    /// <summary>Reads records by reference; those that do not exist are left out.</summary>
    Task<ImmutableArray<CrmRecord>> ReadRecordsAsync(
        string organization, ImmutableArray<RecordReference> references, CancellationToken cancellationToken = default);

    /// <summary>The tables that were described, by logical name.</summary>
    Task<ImmutableArray<TableDefinition>> ReadTablesAsync(string organization, CancellationToken cancellationToken = default);

    /// <summary>Describes a table; what was said of it before is replaced.</summary>
    Task SaveTableAsync(string organization, TableDefinition table, CancellationToken cancellationToken = default);

    /// <summary>Forgets how a table was described.</summary>
    /// <returns>Whether it was.</returns>
    Task<bool> RemoveTableAsync(string organization, string logicalName, CancellationToken cancellationToken = default);

    /// <summary>Does something to one record, by <see cref="RecordActs"/>; a change counts as one of <see cref="SaveRecordsAsync"/>.</summary>
    /// <returns>The version of the directory, or why it is refused: then nothing has changed.</returns>
    Task<RecordAnswer> ChangeRecordAsync(string organization, RecordAct act, CancellationToken cancellationToken = default);

    /// <summary>
    /// Chooses the record of an address by hand, or takes the choice back, by <see cref="RecordChoices"/>; a change counts as one of
    /// <see cref="SaveRecordsAsync"/>. An address has at most one chosen record, whose saving does not lose the choice.
    /// </summary>
    /// <returns>The version of the directory, or why it is refused: then nothing has changed.</returns>
    Task<RecordAnswer> ChooseRecordAsync(string organization, RecordChoice choice, CancellationToken cancellationToken = default);

    /// <summary>The choices that stand for addresses, in their order; those without one, or of a record that is deleted, are left out.</summary>
    Task<ImmutableArray<AddressChoice>> ReadChoicesAsync(
        string organization, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken = default);

    /// <summary>The records that an address may stand for: those that have it, and one that a person chose for it; deleted ones are left out.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="addresses">The addresses, at most 1,000.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>In the order of the addresses, the chosen one first, then active ones; of each address at most <see cref="Parties.MatchesMax"/>.</returns>
    Task<ImmutableArray<AddressCandidate>> ReadCandidatesAsync(
        string organization, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken = default);

    /// <summary>Addresses that several active records have, and for which nobody chose one, in an order in which pages hold.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="from">The address with which the page begins (<see cref="SharedAddresses.Next"/>); null: the first.</param>
    /// <param name="countMax">How many at most.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<SharedAddresses> ReadSharedAddressesAsync(
        string organization, EmailAddress? from, int countMax, CancellationToken cancellationToken = default);

    /// <summary>For which addresses a record was chosen, and when that was taken back, newest first.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="record">The record.</param>
    /// <param name="countMax">How many at most.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<AddressChoice>> ReadChoiceLogAsync(
        string organization, RecordReference record, int countMax, CancellationToken cancellationToken = default);

    /// <summary>Whether records are there, and what they became; those that never existed are left out. In the order of the references.</summary>
    Task<ImmutableArray<RecordLife>> ReadLivesAsync(
        string organization, ImmutableArray<RecordReference> references, CancellationToken cancellationToken = default);

    /// <summary>The changes of records that emails may not have seen yet, oldest first.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="after">Those with a greater version.</param>
    /// <param name="countMax">How many at most.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<DirectoryChange>> ReadChangesAsync(
        string organization, long after, int countMax, CancellationToken cancellationToken = default);

    /// <summary>Removes a change that every email has seen. Safe to repeat.</summary>
    Task RemoveChangeAsync(string organization, long version, CancellationToken cancellationToken = default);

    /// <summary>The settings in force; the defaults (version 0) when none were saved.</summary>
    Task<TrackingSettings> ReadSettingsAsync(string organization, CancellationToken cancellationToken = default);

    /// <summary>Saves settings as the version after the one that they were read as.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="settings">The settings, with the version that was read; 0 for the first.</param>
    /// <param name="changedBy">Who changes them.</param>
    /// <param name="changedOn">When; UTC.</param>
    /// <param name="why">Why, in their words; null when they do not say.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    /// <returns>The new version; null when another one is in force by now: read and change it again.</returns>
    Task<long?> SaveSettingsAsync(
        string organization,
        TrackingSettings settings,
        string changedBy,
        DateTimeOffset changedOn,
        string? why = null,
        CancellationToken cancellationToken = default);

    /// <summary>The versions of the settings, newest first, at most so many.</summary>
    Task<ImmutableArray<SettingsVersion>> ReadSettingsHistoryAsync(
        string organization, int countMax, CancellationToken cancellationToken = default);
}

/// <summary>One version of the directory: what a page of records, or an act on one, has changed.</summary>
/// <param name="Version">The version.</param>
/// <param name="ChangedOn">When it was written; UTC.</param>
/// <param name="Addresses">The addresses that may stand for other records since.</param>
[GenerateSerializer, Immutable, Alias("DirectoryChange")]
public sealed record DirectoryChange(
    [property: Id(0)] long Version, [property: Id(1)] DateTimeOffset ChangedOn, [property: Id(2)] ImmutableArray<EmailAddress> Addresses);

/// <summary>What an act on a record came to.</summary>
/// <param name="Version">The version of the directory now.</param>
/// <param name="IsChanged">Whether anything changed; false when it stood so already.</param>
/// <param name="Problem">Why it is refused, and what to do; null when it is not.</param>
[GenerateSerializer, Immutable, Alias("RecordAnswer")]
public sealed record RecordAnswer([property: Id(0)] long Version, [property: Id(1)] bool IsChanged, [property: Id(2)] string? Problem);

/// <summary>A record that an address may stand for.</summary>
/// <param name="Address">The address.</param>
/// <param name="Record">The record.</param>
/// <param name="Name">Its name.</param>
[GenerateSerializer, Immutable, Alias("AddressCandidate")]
public sealed record AddressCandidate(
    [property: Id(0)] EmailAddress Address, [property: Id(1)] RecordFacts Record, [property: Id(2)] string Name);

/// <summary>A person chose a record for an address, or took that back.</summary>
/// <param name="Address">The address.</param>
/// <param name="Record">The record.</param>
/// <param name="By">Who.</param>
/// <param name="On">When; UTC.</param>
/// <param name="Why">Why, in their words; null when they did not say.</param>
/// <param name="IsCleared">Whether it was taken back then, be it by choosing another record.</param>
[GenerateSerializer, Immutable, Alias("AddressChoice")]
public sealed record AddressChoice(
    [property: Id(0)] EmailAddress Address,
    [property: Id(1)] RecordReference Record,
    [property: Id(2)] string By,
    [property: Id(3)] DateTimeOffset On,
    [property: Id(4)] string? Why,
    [property: Id(5)] bool IsCleared);

/// <summary>One version of the settings.</summary>
/// <param name="Settings">All of them, as they were from then on.</param>
/// <param name="ChangedBy">Who saved them.</param>
/// <param name="ChangedOn">When; UTC.</param>
/// <param name="Why">Why, in their words; null when they did not say.</param>
[GenerateSerializer, Immutable, Alias("SettingsVersion")]
public sealed record SettingsVersion(
    [property: Id(0)] TrackingSettings Settings,
    [property: Id(1)] string ChangedBy,
    [property: Id(2)] DateTimeOffset ChangedOn,
    [property: Id(3)] string? Why = null);

/// <summary>A change of one option, or of one folder rule, of a mailbox.</summary>
/// <param name="Name">The option, or <c>mailboxtrackingfolder</c> and the folder.</param>
/// <param name="Before">Its value before, as text.</param>
/// <param name="After">Its value since, as text.</param>
/// <param name="ChangedBy">Who changed it.</param>
/// <param name="ChangedOn">When; UTC.</param>
/// <param name="Why">Why, in their words; null when they did not say.</param>
[GenerateSerializer, Immutable, Alias("MailboxChange")]
public sealed record MailboxChange(
    [property: Id(0)] string Name,
    [property: Id(1)] string Before,
    [property: Id(2)] string After,
    [property: Id(3)] string ChangedBy,
    [property: Id(4)] DateTimeOffset ChangedOn,
    [property: Id(5)] string? Why);

/// <summary>A CRM record as it is loaded.</summary>
/// <param name="Facts">What the rules need of it.</param>
/// <param name="Name">Its name, at most 400 characters.</param>
/// <param name="Addresses">Its e-mail addresses, at most 50.</param>
/// <param name="Customer">
/// The account or contact that it belongs to (Dataverse columns <c>customerid</c>, <c>parentcustomerid</c>, <c>parentcontactid</c>);
/// null when none is named.
/// </param>
[GenerateSerializer, Immutable, Alias("CrmRecord")]
public sealed record CrmRecord(
    [property: Id(0)] RecordFacts Facts,
    [property: Id(1)] string Name,
    [property: Id(2)] ImmutableArray<EmailAddress> Addresses,
    [property: Id(3)] RecordReference? Customer = null);

/// <summary>An address that several active records have.</summary>
/// <param name="Address">The address.</param>
/// <param name="Records">How many.</param>
[GenerateSerializer, Immutable, Alias("SharedAddress")]
public sealed record SharedAddress([property: Id(0)] EmailAddress Address, [property: Id(1)] int Records);

/// <summary>A page of addresses that several active records have.</summary>
/// <param name="Addresses">The addresses.</param>
/// <param name="Next">With which address the next page begins; null when this is the last. A page may be short, or empty.</param>
[GenerateSerializer, Immutable, Alias("SharedAddresses")]
public sealed record SharedAddresses([property: Id(0)] ImmutableArray<SharedAddress> Addresses, [property: Id(1)] EmailAddress? Next)
{
    /// <summary>So many addresses of records are looked at for one page.</summary>
    public const int LookedAtMax = 100_000;

    /// <summary>The most addresses of a page.</summary>
    public const int PageMax = 200;

    /// <summary>Makes a page of what was found.</summary>
    /// <param name="found">Addresses, one more than the page may have when there are more.</param>
    /// <param name="countMax">How many it may have.</param>
    /// <param name="lookedUntil">The first address that was not looked at; null: there is none.</param>
    public static SharedAddresses Of(IReadOnlyList<SharedAddress> found, int countMax, EmailAddress? lookedUntil)
    {
        ArgumentNullException.ThrowIfNull(found);
        return found.Count > countMax
            ? new SharedAddresses([.. found.Take(countMax)], found[countMax].Address)
            : new SharedAddresses([.. found], lookedUntil);
    }
}
