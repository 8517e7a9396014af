using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>The organization's settings, as far as the rules need them; every decision names their version.</summary>
/// <remarks>Property names are storage format. What a setting is called outside, its range and its default in Dynamics: see the catalogue.</remarks>
[GenerateSerializer, Immutable, Alias("TrackingSettings")]
public sealed record TrackingSettings
{
    /// <summary>Counts the changes of the settings.</summary>
    [Id(0)]
    public long Version { get; init; }

    /// <summary>The token prefix in use, then those used before. Default: <c>CRM:</c>. Source: <c>organization.trackingprefix</c>.</summary>
    [Id(1)]
    public ImmutableArray<string> TokenPrefixes { get; init; } = ["CRM:"];

    /// <summary>Whether sent mail is tracked. Default: false. Source: <c>AutoTrackSentFolderItems</c>.</summary>
    [Id(2)]
    public bool TracksSentItems { get; init; }

    /// <summary>Whether a sender stays unresolved whose address several records have. Default: false.</summary>
    /// <remarks>Source: <c>UnresolveSenderInCaseOfMultipleMatch</c>.</remarks>
    [Id(3)]
    public bool LeavesAmbiguousSenders { get; init; }

    /// <summary>Whether a recipient is one unresolved party, not several, when several records have the address. Default: false.</summary>
    /// <remarks>Source: <c>organization.unresolveemailaddressifmultiplematch</c>.</remarks>
    [Id(4)]
    public bool LeavesAmbiguousRecipients { get; init; }

    /// <summary>Whose filter is asked.</summary>
    [Id(5)]
    public AcceptanceSettings Acceptance { get; init; } = new();

    /// <summary>Mail between our own users and queues.</summary>
    [Id(6)]
    public InternalMailSettings InternalMail { get; init; } = new();

    /// <summary>What ties a mail to its conversation.</summary>
    [Id(7)]
    public CorrelationSettings Correlation { get; init; } = new();

    /// <summary>Which records participants stand for.</summary>
    [Id(8)]
    public PartySettings Parties { get; init; } = new();

    /// <summary>Queue items.</summary>
    [Id(9)]
    public QueueSettings Queues { get; init; } = new();

    /// <summary>Mail that is nobody's business.</summary>
    [Id(10)]
    public PrivacySettings Privacy { get; init; } = new();

    /// <summary>Whether people track mail by its category: a label on the message in their mailbox. Default: false.</summary>
    /// <remarks>Source: <c>TrackCategorizedItems</c>.</remarks>
    [Id(11)]
    public bool TracksCategories { get; init; }

    /// <summary>The teams whose mailboxes <see cref="TracksCategories"/> is for, by name; none: all mailboxes.</summary>
    [Id(12)]
    public ImmutableArray<string> CategoryTeams { get; init; } = [];

    /// <summary>Whether people track mail of a mailbox by its category.</summary>
    public bool TracksCategoriesOf(MailboxFacts mailbox)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        return TracksCategories && (CategoryTeams.IsEmpty || CategoryTeams.Intersect(mailbox.Options.Teams, StringComparer.OrdinalIgnoreCase).Any());
    }

    /// <summary>Whether facts that were read for these settings are what other ones ask for.</summary>
    public bool AsksAlike(TrackingSettings other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return PrefixesInUse().SequenceEqual(other.PrefixesInUse()) &&
            Acceptance.AsksSyncingMailboxOnly == other.Acceptance.AsksSyncingMailboxOnly &&
            Parties.IgnoresSubaddress == other.Parties.IgnoresSubaddress &&
            AsksRelated == other.AsksRelated;
    }

    /// <summary>Whether the open cases, opportunities and accounts of senders are asked for.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool AsksRelated => Parties.RegardingFromSender != RegardingFromSender.Off;

    /// <summary>The addresses by which the records of some participants are found, without repeats.</summary>
    public IEnumerable<EmailAddress> LookedUp(IEnumerable<EmailAddress> addresses) => Parties.IgnoresSubaddress
        ? addresses.SelectMany(one => one.WithoutSubaddress is { } plain ? [one, plain] : (EmailAddress[])[one]).Distinct()
        : addresses.Distinct();

    /// <summary>The prefixes by which a word of a subject is a token; none when tokens are not used.</summary>
    public ImmutableArray<string> PrefixesInUse() => Correlation.UsesTokens ? TokenPrefixes : [];
}
