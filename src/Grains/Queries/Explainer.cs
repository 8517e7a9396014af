using System.Collections.Immutable;
using EmailTracking.Listing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Queries;

/// <summary>Puts into words why an email was tracked, linked or left out, as far as whoever asks may see it.</summary>
public sealed class Explainer(ITrackingQueries queries, IDirectory directory, SightReader sights)
{
    /// <summary>Explains an email to whoever may see everything.</summary>
    public Task<Explanation> ExplainAsync(string organization, EmailRow email, CancellationToken cancellationToken) =>
        ExplainAsync(new Sight(organization, [EmailLists.Everything(organization)]), email, cancellationToken);

    /// <summary>Explains an email that somebody may see. Other mail is named to them only when they may see that as well.</summary>
    public async Task<Explanation> ExplainAsync(Sight sight, EmailRow email, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sight);
        ArgumentNullException.ThrowIfNull(email);
        var (organization, key, isTracked) = (sight.Organization, email.Key, email.Activity is not null);
        ImmutableArray<DecisionRow> decisions = [.. sight.Show(await queries.ReadDecisionsAsync(organization, key, cancellationToken))];
        var trace = await queries.ReadTraceAsync(organization, key, cancellationToken);
        var parties = isTracked ? await queries.ReadPartiesAsync(organization, key, cancellationToken) : [];
        var partyTrace = isTracked ? await queries.ReadPartyTraceAsync(organization, key, cancellationToken) : [];
        var queues = isTracked ? await queries.ReadQueuesOfAsync(organization, key, cancellationToken) : [];
        ImmutableArray<TraceEntry> told = [.. trace, .. partyTrace];
        var names = await TraceNames.ReadAsync(
            [.. told, .. decisions.SelectMany(decision => decision.Trace)],
            async other => await sights.ShowAsync(sight, await queries.FindAsync(organization, other, cancellationToken), cancellationToken),
            RecordsAsync,
            email.Activity);
        var settings = await directory.ReadSettingsAsync(organization, cancellationToken);
        var sentences = TraceWords.Of(email, decisions, told, names, settings.Acceptance.PutsFoldersFirst);
        var work = await WorkWords.ReadAsync(email.Activity?.Owner ?? default, queues, RecordsAsync);
        var choices = await ReadChoicesAsync();
        return new Explanation(email, [.. sentences, .. choices, .. work], decisions, trace, parties);

        Task<ImmutableArray<CrmRecord>> RecordsAsync(ImmutableArray<RecordReference> records) =>
            directory.ReadRecordsAsync(organization, records, cancellationToken);

        async Task<ImmutableArray<string>> ReadChoicesAsync()
        {
            if (parties.IsEmpty)
            {
                return [];
            }

            var hand = new ActLog(await queries.ReadActsAsync(organization, [key], cancellationToken)).Of(key);
            ImmutableArray<EmailAddress> addresses = [.. parties.Select(party => party.Participant.Address).OfType<EmailAddress>().Distinct()];
            var choices = await directory.ReadChoicesAsync(organization, addresses, cancellationToken);
            return await ChoiceWords.ReadAsync(hand, addresses, choices, RecordsAsync);
        }
    }
}
