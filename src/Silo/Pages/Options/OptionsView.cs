using System.Collections.Immutable;
using EmailTracking.Organizations;
using EmailTracking.Silo.Api.Mailboxes;
using EmailTracking.Storage;

namespace EmailTracking.Silo.Pages.Options;

/// <summary>The personal options of a mailbox, as their page shows them.</summary>
/// <param name="Answer">The options, and the settings of the organization.</param>
/// <param name="Changes">Who changed them, newest first.</param>
/// <param name="MayChange">Whether their visitor may set them.</param>
/// <param name="MaySetAll">Whether also those that only administrators set.</param>
public sealed record OptionsView(MailboxOptionsAnswer Answer, ImmutableArray<MailboxChange> Changes, bool MayChange, bool MaySetAll)
{
    /// <summary>Who forced another value on an option; null when nobody did.</summary>
    public ForcedValue? ForcedOn(MailboxOption option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return option.Name == MailboxOption.Filter ? ForcedValue.Of(Answer) : null;
    }

    /// <summary>Whether a value may be chosen, by the settings of the organization.</summary>
    public bool Offers(MailboxOption option, string value)
    {
        ArgumentNullException.ThrowIfNull(option);
        return option.Name != MailboxOption.Filter || value is not [>= '0' and <= '4'] ||
            MailboxOption.HiddenBy((Tracking.Deciding.FilterMethod)(value[0] - '0'), Answer.Settings.Acceptance) is null;
    }
}
