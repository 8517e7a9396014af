using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>A participant and the record it stands for (Dataverse table <c>activityparty</c>).</summary>
/// <param name="Participant">The participant as the mail names it.</param>
/// <param name="Record">The record; null when none, or too many, have the address.</param>
[GenerateSerializer, Immutable, Alias("ActivityParty")]
public sealed record ActivityParty([property: Id(0)] Participant Participant, [property: Id(1)] RecordReference? Record);

/// <summary>Who took part: the sender is one record, a recipient is every record with its address.</summary>
/// <remarks>Source: Dynamics' documented resolution; ties end at the record's id, so that load order plays no part.</remarks>
public static class Parties
{
    /// <summary>More records than this with one address, and nobody is meant.</summary>
    public const int MatchesMax = 100;

    /// <summary>The one record that a sender's address stands for, and why it does.</summary>
    /// <param name="sender">The From address.</param>
    /// <param name="trackingOwner">What <see cref="TrackingOwner"/> says.</param>
    /// <param name="directory">The records of an address.</param>
    /// <param name="settings">Whether one of several records may be meant at all.</param>
    public static SenderChoice ChooseSender(
        EmailAddress? sender, Guid? trackingOwner, Func<EmailAddress, IEnumerable<RecordFacts>> directory, TrackingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(settings);
        if (sender is { } address && ChosenOf(address, directory) is { } chosen)
        {
            return new SenderChoice(chosen.Reference, ChoiceRule.Chosen, directory(address).Count(), Others(address, chosen, directory));
        }

        var (eligible, count) = Eligible(sender, directory, settings.Parties);
        return eligible.Length == 0 ? new SenderChoice(null, ChoiceRule.None, count, [])
            : count > MatchesMax ? new SenderChoice(null, ChoiceRule.TooMany, count, [])
            : eligible.Length > 1 && settings.LeavesAmbiguousSenders
                ? SenderChoice.Of(eligible, trackingOwner) with { Record = null, Rule = ChoiceRule.LeftOpen }
            : SenderChoice.Of(eligible, trackingOwner);
    }

    /// <summary>The one record that a sender's address stands for.</summary>
    /// <returns>Null when no record, or more than <see cref="MatchesMax"/>, have the address.</returns>
    /// <inheritdoc cref="ChooseSender"/>
    public static RecordReference? SenderOf(
        EmailAddress? sender, Guid? trackingOwner, Func<EmailAddress, IEnumerable<RecordFacts>> directory, TrackingSettings settings) =>
        ChooseSender(sender, trackingOwner, directory, settings).Record;

    /// <summary>Whose records come first among several of one address: the user whose mailbox accepted the email, for a queue its owner.</summary>
    public static Guid? TrackingOwner(MailboxFacts? accepting, Func<EmailAddress, IEnumerable<RecordFacts>> directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return accepting?.Owner is { LogicalName: Tables.Queue } queue
            ? directory(accepting.Address).FirstOrDefault(record => record.Reference == queue)?.OwnerId
            : accepting?.Owner?.Id;
    }

    /// <summary>Whether a sender is on our side: an active user, or a queue.</summary>
    /// <remarks>By their own addresses: a user who was chosen for an outsider's address makes the outsider none of us.</remarks>
    public static bool IsUser(EmailAddress? sender, Func<EmailAddress, IEnumerable<RecordFacts>> directory) =>
        sender is { } address && directory(address).Any(record =>
            record is { IsActive: true, IsByChoiceAlone: false, Reference.LogicalName: Tables.SystemUser or Tables.Queue });

    /// <summary>Resolves the participants of an email.</summary>
    /// <param name="mail">The email.</param>
    /// <param name="sender">What <see cref="SenderOf"/> found.</param>
    /// <param name="directory">The records of an address.</param>
    /// <param name="settings">Whether a recipient may be several records.</param>
    public static ImmutableArray<ActivityParty> Resolve(
        EmailFacts mail, RecordReference? sender, Func<EmailAddress, IEnumerable<RecordFacts>> directory, TrackingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return Resolve(mail.Participants, sender, directory, settings);
    }

    /// <summary>Resolves participants.</summary>
    /// <param name="participants">The participants, as the mail names them.</param>
    /// <param name="sender">What <see cref="SenderOf"/> found.</param>
    /// <param name="directory">The records of an address.</param>
    /// <param name="settings">Whether a recipient may be several records.</param>
    public static ImmutableArray<ActivityParty> Resolve(
        ImmutableArray<Participant> participants,
        RecordReference? sender,
        Func<EmailAddress, IEnumerable<RecordFacts>> directory,
        TrackingSettings settings)
    {
        return
        [
            .. participants.SelectMany(one => one.Type == ParticipationType.Sender
                ? [new ActivityParty(one, sender)]
                : Recipient(one, directory, settings)),
        ];
    }

    /// <summary>The record that a person chose for an address; null when nobody did, or it is a disabled user by now.</summary>
    /// <remarks>A store holds at most one choice for an address; the id breaks ties all the same, so that replays agree.</remarks>
    public static RecordFacts? ChosenOf(EmailAddress address, Func<EmailAddress, IEnumerable<RecordFacts>> directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return directory(address).Where(record => record is { IsChosen: true, IsEligible: true }).MinBy(record => record.Reference.Id);
    }

    private static ImmutableArray<RecordReference> Others(
        EmailAddress address, RecordFacts chosen, Func<EmailAddress, IEnumerable<RecordFacts>> directory)
    {
        var rest = SenderChoice.Of([.. directory(address).Where(record => record.IsEligible && record.Reference != chosen.Reference)], null);
        return rest.Record is { } next ? [next, .. rest.Others.Take(SenderChoice.OthersMax - 1)] : [];
    }

    private static IEnumerable<ActivityParty> Recipient(
        Participant one, Func<EmailAddress, IEnumerable<RecordFacts>> directory, TrackingSettings settings)
    {
        if (one.Address is { } address && ChosenOf(address, directory) is { } chosen)
        {
            return [new ActivityParty(one, chosen.Reference)];
        }

        var (eligible, count) = Eligible(one.Address, directory, settings.Parties);
        RecordFacts[] meant = count > MatchesMax || (settings.LeavesAmbiguousRecipients && eligible.Length > 1) ? [] : eligible;
        return meant
            .Select(record => (RecordReference?)record.Reference)
            .OrderBy(record => record?.LogicalName, StringComparer.Ordinal)
            .ThenBy(record => record?.Id)
            .DefaultIfEmpty()
            .Select(record => new ActivityParty(one, record));
    }

    // A disabled user is nobody, whatever else is allowed to be inactive; a single record is meant whatever its state.
    private static (RecordFacts[] Eligible, int Count) Eligible(
        EmailAddress? address, Func<EmailAddress, IEnumerable<RecordFacts>> directory, PartySettings settings)
    {
        var matches = address is { } one ? directory(one).Take(MatchesMax + 1).ToArray() : [];
        var eligible = Array.FindAll(matches, record => record.IsEligible);
        return (
            eligible.Length > 1 && !settings.ResolvesInactive ? Array.FindAll(eligible, record => record.IsActive) : eligible,
            matches.Length);
    }
}
