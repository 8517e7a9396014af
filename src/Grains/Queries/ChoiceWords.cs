using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Queries;

/// <summary>Who said which record an address stands for, in words.</summary>
internal static class ChoiceWords
{
    /// <summary>A sentence for each address of which somebody said so.</summary>
    /// <param name="hand">What people said of the email.</param>
    /// <param name="addresses">The addresses of its parties, in order.</param>
    /// <param name="choices">The choices that stand for these addresses.</param>
    /// <param name="readRecords">Reads records.</param>
    public static async Task<ImmutableArray<string>> ReadAsync(
        HandFacts hand,
        ImmutableArray<EmailAddress> addresses,
        ImmutableArray<AddressChoice> choices,
        Func<ImmutableArray<RecordReference>, Task<ImmutableArray<CrmRecord>>> readRecords)
    {
        var byAddress = choices.ToDictionary(choice => choice.Address);

        // What was said of the mail goes before what was said of all mail.
        var said = addresses.Select(address => (
                Address: address,
                Act: hand.Resolutions.GetValueOrDefault(address),
                Choice: byAddress.GetValueOrDefault(address)))
            .Where(one => one.Act?.Meant is not null || one.Choice is not null)
            .ToArray();
        if (said.Length == 0)
        {
            return [];
        }

        var known = await readRecords([.. said.Select(one => one.Act?.Meant ?? one.Choice!.Record).Distinct()]);
        var names = known.ToDictionary(record => record.Facts.Reference, record => record.Name);
        return
        [
            .. said.Select(one => one.Act is { Meant: { } record } act
                ? $"{act.By} said on {act.On:u} that in this mail {one.Address} is {Name(record)}."
                : $"{one.Choice!.By} chose {Name(one.Choice.Record)} for {one.Address} on {one.Choice.On:u}, for all mail."),
        ];

        string Name(RecordReference record) => $"{record.LogicalName} {names.GetValueOrDefault(record, record.Id.ToString("D"))}";
    }
}
