using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>Which mail of a mailbox is tracked (Dataverse column <c>incomingemailfilteringmethod</c>).</summary>
public enum FilterMethod
{
    /// <summary>All email messages.</summary>
    All = 0,

    /// <summary>Email messages in response to tracked email.</summary>
    Replies = 1,

    /// <summary>Email messages from leads, contacts and accounts.</summary>
    LeadsContactsAccounts = 2,

    /// <summary>Email messages from records that are email enabled.</summary>
    EmailEnabledRecords = 3,

    /// <summary>No email messages.</summary>
    None = 4,
}

/// <summary>A folder whose mail is tracked (Dataverse table <c>mailboxtrackingfolder</c>).</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Regarding">The record that its mail is about; null when the rule names none.</param>
[GenerateSerializer, Immutable, Alias("TrackingFolder")]
public sealed record TrackingFolder([property: Id(0)] string Name, [property: Id(1)] RecordReference? Regarding)
{
    /// <summary>Whether it is in force, or why it is not.</summary>
    [Id(2)]
    public FolderRuleState State { get; init; }

    /// <summary>It is in force for mail that was received on this day (UTC) or later; null: any.</summary>
    [Id(3)]
    public DateOnly? From { get; init; }

    /// <summary>It is in force for mail that was received before this day (UTC); null: any.</summary>
    [Id(4)]
    public DateOnly? Until { get; init; }

    /// <summary>Whether it says something of mail that was received at a moment.</summary>
    public bool Covers(DateTimeOffset receivedOn)
    {
        var day = DateOnly.FromDateTime(receivedOn.UtcDateTime);
        return State == FolderRuleState.Active && (From is null || day >= From) && (Until is null || day < Until);
    }
}

/// <summary>Whether a folder rule is in force (Dataverse column <c>folderonboardingstatus</c>). The numbers are storage format.</summary>
public enum FolderRuleState
{
    /// <summary>It is in force.</summary>
    Active = 0,

    /// <summary>Its folder cannot be told for sure any more: somebody has to say which one it is.</summary>
    Paused = 1,

    /// <summary>Its folder was moved out of the Inbox, or deleted.</summary>
    Disabled = 2,
}

/// <summary>A mailbox, as far as the rules need it.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Owner">The user or queue whose mailbox it is; null for one that an import created.</param>
/// <param name="IsQueue">Whether it is a queue's.</param>
/// <param name="Filter">Which of its mail is tracked.</param>
/// <param name="Folders">Its tracked folders, at most 25.</param>
[GenerateSerializer, Immutable, Alias("MailboxFacts")]
public sealed record MailboxFacts(
    [property: Id(0)] EmailAddress Address,
    [property: Id(1)] RecordReference? Owner,
    [property: Id(2)] bool IsQueue,
    [property: Id(3)] FilterMethod Filter,
    [property: Id(4)] ImmutableArray<TrackingFolder> Folders)
{
    /// <summary>What its owner chose besides the filter.</summary>
    [Id(5)]
    public PersonalOptions Options { get; init; } = new();
}

/// <summary>The record that an unknown sender becomes.</summary>
public enum RecordCreation
{
    /// <summary>None: the sender stays unresolved.</summary>
    None = 0,

    /// <summary>A contact.</summary>
    Contact = 1,

    /// <summary>A lead.</summary>
    Lead = 2,
}

/// <summary>Personal options of a user, or of a queue (Dataverse table <c>usersettings</c>).</summary>
[GenerateSerializer, Immutable, Alias("PersonalOptions")]
public sealed record PersonalOptions
{
    /// <summary>Whether its sent mail is tracked; null: as the organization says.</summary>
    [Id(0)]
    public bool? TracksSentItems { get; init; }

    /// <summary>What an unknown sender of mail becomes that this mailbox accepts. Default: none.</summary>
    [Id(1)]
    public RecordCreation Creates { get; init; }

    /// <summary>Whose mail its filter leaves out, as <see cref="AddressPattern"/>; effective for this mailbox alone.</summary>
    [Id(2)]
    public ImmutableArray<string> Blocked { get; init; } = [];

    /// <summary>The teams that its user or queue belongs to, by name (Dataverse table <c>teammembership</c>).</summary>
    [Id(3)]
    public ImmutableArray<string> Teams { get; init; } = [];

    /// <summary>Whether both hold the same, lists compared one by one.</summary>
    public bool Equals(PersonalOptions? other) => other is not null && TracksSentItems == other.TracksSentItems &&
        Creates == other.Creates && Blocked.SequenceEqual(other.Blocked) && Teams.SequenceEqual(other.Teams);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TracksSentItems, Creates, Blocked.Length, Teams.Length);
}

/// <summary>The user or queue that accepted an email (Dataverse column <c>acceptingentityid</c>), by its mailbox.</summary>
/// <param name="IsQueue">Whether it is a queue.</param>
/// <param name="Position">Its place among the To and Cc recipients, from 0; <see cref="int.MaxValue"/> when it is not named.</param>
/// <param name="Mailbox">Its mailbox.</param>
[GenerateSerializer, Immutable, Alias("AcceptingEntity")]
public sealed record AcceptingEntity(
    [property: Id(0)] bool IsQueue, [property: Id(1)] int Position, [property: Id(2)] EmailAddress Mailbox)
{
    /// <summary>Queues first, then To and Cc order, then the lowest address: the least of all that accepted stands for them.</summary>
    public static IComparer<AcceptingEntity> Precedence { get; } = Comparer<AcceptingEntity>.Create((one, other) =>
        one.IsQueue != other.IsQueue ? (one.IsQueue ? -1 : 1)
        : one.Position != other.Position ? one.Position.CompareTo(other.Position)
        : string.CompareOrdinal(one.Mailbox.Value, other.Mailbox.Value));

    /// <summary>Where a mailbox stands in an email.</summary>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="mail">The email.</param>
    /// <param name="directory">The records of an address: a mailbox is named by any address of its owner.</param>
    public static AcceptingEntity Of(MailboxFacts mailbox, EmailFacts mail, Func<EmailAddress, IEnumerable<RecordFacts>> directory) =>
        new(mailbox.IsQueue, PositionOf(mailbox, mail, directory), mailbox.Address);

    /// <summary>The place of a mailbox among the To and Cc recipients; <see cref="int.MaxValue"/> when it is not there.</summary>
    /// <inheritdoc cref="Of"/>
    public static int PositionOf(MailboxFacts mailbox, EmailFacts mail, Func<EmailAddress, IEnumerable<RecordFacts>> directory)
    {
        var position = 0;
        foreach (var recipient in mail.Recipients.Where(one => one.Type != ParticipationType.BccRecipient))
        {
            if (recipient.Address is { } address && IsOf(mailbox, address, directory))
            {
                return position;
            }

            position++;
        }

        return int.MaxValue;
    }

    /// <summary>Whether an address leads to a mailbox: its own, or another of its owner.</summary>
    public static bool IsOf(MailboxFacts mailbox, EmailAddress address, Func<EmailAddress, IEnumerable<RecordFacts>> directory)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ArgumentNullException.ThrowIfNull(directory);
        return address == mailbox.Address ||
            (mailbox.Owner is { } owner && directory(address).Any(record => record.Reference == owner));
    }
}
