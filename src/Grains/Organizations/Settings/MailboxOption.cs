using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Organizations;

/// <summary>One personal option of a user, or of a queue, and how text becomes its value.</summary>
/// <param name="Name">Its name: Dataverse's column of <c>usersettings</c> or <c>queue</c>, where it has one there.</param>
/// <param name="Meaning">What it does, in a sentence.</param>
/// <param name="Range">What it takes.</param>
/// <param name="Default">What it is until somebody sets it.</param>
/// <param name="InDynamics">What it is in Dynamics 365; null when there is no such option.</param>
/// <param name="Read">Its value as text.</param>
/// <param name="Write">The mailbox with another value, or what is wrong with it.</param>
public sealed record MailboxOption(
    string Name,
    string Meaning,
    string Range,
    string Default,
    string? InDynamics,
    Func<MailboxFacts, string> Read,
    Func<MailboxFacts, string, WrittenOption> Write)
{
    /// <summary>What kind of value it takes.</summary>
    public required ValueKind Kind { get; init; }

    /// <summary>The name of the option that says which mail is tracked.</summary>
    public const string Filter = "IncomingEmailFilteringMethod";

    /// <summary>The options, by name.</summary>
    public static ImmutableArray<MailboxOption> All { get; } =
    [
        new(
            "AutoCreateContactOnPromote",
            "What the unknown sender of a mail becomes that this mailbox's filter accepts; imported mail creates nothing.",
            "none, contact or lead",
            "none",
            "not documented",
            mailbox => mailbox.Options.Creates.ToString().ToLowerInvariant(),
            (mailbox, text) => Enum.GetNames<RecordCreation>().Contains(text, StringComparer.OrdinalIgnoreCase)
                ? new(mailbox with { Options = mailbox.Options with { Creates = Enum.Parse<RecordCreation>(text, ignoreCase: true) } }, null)
                : new(null, $"AutoCreateContactOnPromote takes none, contact or lead, not '{SettingText.Shown(text)}'."))
        {
            Kind = ValueKind.OneOf("none", "contact", "lead"),
        },
        new(
            "AutoTrackSentFolderItems",
            "Whether its Sent Items are tracked by its filter; organization: as the setting of the same name says.",
            "true, false or organization",
            "organization",
            null,
            mailbox => mailbox.Options.TracksSentItems switch { true => "true", false => "false", null => "organization" },
            WriteSent)
        {
            Kind = ValueKind.OneOf("organization", "true", "false"),
        },
        new(
            "BlockedSenders",
            "Whose mail its filter leaves out; effective for this mailbox alone. Ours.",
            "addresses and domains with commas between; none",
            "none",
            null,
            mailbox => SettingText.Of(mailbox.Options.Blocked, ','),
            (mailbox, text) =>
            {
                var patterns = SettingText.Patterns(text, out var problem);
                return problem is null
                    ? new(mailbox with { Options = mailbox.Options with { Blocked = patterns } }, null)
                    : new(null, $"BlockedSenders: {problem}");
            })
        {
            Kind = new ValueKind.List(','),
        },
        new(
            Filter,
            "Which of its mail is tracked: 0 all, 1 answers to tracked mail, 2 from leads, contacts and accounts, 3 from any record, 4 none. " +
            "A mailbox that an import creates starts with 0.",
            "0 to 4",
            "1 for a user, 0 for a queue",
            "1 for a user (its table says 2), 0 for a queue",
            mailbox => ((int)mailbox.Filter).ToString(CultureInfo.InvariantCulture),
            (mailbox, text) => text is [>= '0' and <= '4']
                ? new(mailbox with { Filter = (FilterMethod)(text[0] - '0') }, null)
                : new(null, $"{Filter} takes a number from 0 to 4, not '{SettingText.Shown(text)}'."))
        {
            Kind = ValueKind.Filter(0),
        },
        new(
            "Teams",
            "The teams that its user or queue belongs to: settings may be for some teams only.",
            SettingText.TeamsRange,
            "none",
            "table teammembership",
            mailbox => SettingText.Of(mailbox.Options.Teams, ','),
            (mailbox, text) =>
            {
                var teams = SettingText.Teams(text, out var problem);
                return problem is null
                    ? new(mailbox with { Options = mailbox.Options with { Teams = teams } }, null)
                    : new(null, $"Teams: {problem}");
            })
        {
            Kind = new ValueKind.List(','),
        },
    ];

    /// <summary>The option of a name, in any case; null when there is none.</summary>
    public static MailboxOption? Find(string name) =>
        All.FirstOrDefault(option => option.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Why a mailbox may not choose a filter; null when it may.</summary>
    /// <param name="method">The filter.</param>
    /// <param name="settings">The organization's.</param>
    public static string? HiddenBy(FilterMethod method, AcceptanceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return method == FilterMethod.All && settings.HidesAll ? "HideTrackAllOption"
            : method is FilterMethod.All or FilterMethod.LeadsContactsAccounts or FilterMethod.EmailEnabledRecords && settings.HidesAutoTrack
                ? "HideEmailAutoTrackOptions"
            : null;
    }

    private static WrittenOption WriteSent(MailboxFacts mailbox, string text) => text.ToLowerInvariant() switch
    {
        "true" => new(mailbox with { Options = mailbox.Options with { TracksSentItems = true } }, null),
        "false" => new(mailbox with { Options = mailbox.Options with { TracksSentItems = false } }, null),
        "organization" => new(mailbox with { Options = mailbox.Options with { TracksSentItems = null } }, null),
        _ => new(null, $"AutoTrackSentFolderItems takes true, false or organization, not '{SettingText.Shown(text)}'."),
    };
}

/// <summary>What writing an option comes to.</summary>
/// <param name="Mailbox">The mailbox with it; null when it cannot be.</param>
/// <param name="Problem">Then: what is wrong, and what to do.</param>
public readonly record struct WrittenOption(MailboxFacts? Mailbox, string? Problem);
