using EmailTracking.Organizations;
using EmailTracking.Silo.Pages.Choosing;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Pages.Options;

/// <summary>Personal options, as Dynamics labels them on the tab Email.</summary>
internal static class OptionWords
{
    private static readonly string[] Order =
        [MailboxOption.Filter, "AutoCreateContactOnPromote", "AutoTrackSentFolderItems", "BlockedSenders", "Teams"];

    /// <summary>The options, in the order of the tab.</summary>
    public static IEnumerable<MailboxOption> All { get; } = [.. MailboxOption.All.OrderBy(option => Array.IndexOf(Order, option.Name) & int.MaxValue)];

    /// <summary>The label of an option.</summary>
    public static string Label(MailboxOption option) => option.Name switch
    {
        MailboxOption.Filter => "Track",
        "AutoCreateContactOnPromote" => "Automatically create records",
        "AutoTrackSentFolderItems" => "Track sent items automatically",
        "BlockedSenders" => "Blocked senders",
        _ => option.Name,
    };

    /// <summary>What a value of an option is called.</summary>
    /// <param name="option">The option.</param>
    /// <param name="settings">The organization's.</param>
    /// <param name="value">The value, as text.</param>
    public static string Of(MailboxOption option, TrackingSettings settings, string value) => (option.Name, value) switch
    {
        (MailboxOption.Filter, _) => FilterWords.Of(value),
        (_, "none") => "None",
        (_, "contact") => "Contact",
        (_, "lead") => "Lead",
        (_, "true") => "Yes",
        (_, "false") => "No",
        (_, "organization") => $"As the organization says: {(settings.TracksSentItems ? "yes" : "no")}",
        _ => value,
    };
}
