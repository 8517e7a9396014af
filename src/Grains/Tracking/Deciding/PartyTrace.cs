using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>How the parties of an email were resolved, as far as that was not plain: candidates, what was made, what is proposed.</summary>
internal static class PartyTrace
{
    private const int SharedMax = 10;

    /// <param name="choice">The sender.</param>
    /// <param name="parties">All parties; empty when they were not looked at.</param>
    /// <param name="created">The record that the sender became.</param>
    /// <param name="proposed">What it may be about by its sender.</param>
    public static ImmutableArray<TraceEntry> Of(
        SenderChoice choice, ImmutableArray<ActivityParty> parties, NewRecord? created, ImmutableArray<RecordReference> proposed)
    {
        var trace = ImmutableArray.CreateBuilder<TraceEntry>();
        if (choice.Count > 1)
        {
            trace.Add(TraceEntry.Of(TraceCode.SenderChosen, [
                choice.Record?.ToString() ?? "", choice.Rule.ToString(), Text(choice.Count), .. choice.Others.Select(one => one.ToString()),
            ]));
        }

        if (created is not null)
        {
            trace.Add(TraceEntry.Of(TraceCode.SenderCreated, created.Reference.ToString()));
        }

        trace.AddRange(parties
            .Where(party => party.Participant.Type != ParticipationType.Sender && party.Record is not null)
            .GroupBy(party => party.Participant)
            .Where(group => group.Count() > 1)
            .Take(SharedMax)
            .Select(group => TraceEntry.Of(
                TraceCode.RecipientShared, group.Key.Address?.Value ?? group.Key.Name, Text(group.Count()))));
        if (!proposed.IsEmpty)
        {
            trace.Add(TraceEntry.Of(TraceCode.RegardingProposed, [.. proposed.Select(one => one.ToString())]));
        }

        return trace.DrainToImmutable();
    }

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
