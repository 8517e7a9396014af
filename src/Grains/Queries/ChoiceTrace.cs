using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Queries;

/// <summary>Who said which record an address stands for, as entries of a trace. They are made on reading.</summary>
internal static class ChoiceTrace
{
    /// <param name="hand">What people said of the email.</param>
    /// <param name="addresses">The addresses of its parties, in order.</param>
    /// <param name="choices">The choices that stand for these addresses.</param>
    public static ImmutableArray<TraceEntry> Of(
        HandFacts hand, ImmutableArray<EmailAddress> addresses, ImmutableArray<AddressChoice> choices)
    {
        var byAddress = choices.ToDictionary(choice => choice.Address);
        return [.. addresses.Select(Entry).OfType<TraceEntry>()];

        // What was said of the mail goes before what was said of all mail.
        TraceEntry? Entry(EmailAddress address) =>
            hand.Resolutions.GetValueOrDefault(address) is { Meant: { } record } act
                ? TraceEntry.Of(TraceCode.ResolvedByHand, address.Value, record.ToString(), act.By, Text(act.On))
                : byAddress.GetValueOrDefault(address) is { } choice
                    ? TraceEntry.Of(TraceCode.ChosenByHand, address.Value, choice.Record.ToString(), choice.By, Text(choice.On))
                    : null;
    }

    private static string Text(DateTimeOffset time) => time.ToString("u", CultureInfo.InvariantCulture);
}
