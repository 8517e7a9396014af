using EmailTracking.Connectors;
using EmailTracking.Conversations;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Queries;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Acts;

/// <summary>Carries out a pending track as far as it can be now. Every step is safe to repeat.</summary>
public sealed class PendingTracker(IGrainFactory grains, ITrackingQueries queries, EmailNames names, TimeProvider time)
{
    // What the outbox does in moments is not called a problem.
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SettlePoll = TimeSpan.FromMilliseconds(50);

    /// <summary>Does the act when the mail was seen in its mailbox, and fetches it otherwise.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="track">The track.</param>
    /// <param name="mayFetch">Whether the mailbox may be searched now.</param>
    /// <param name="cancellationToken">Stops it; what was done stays.</param>
    /// <returns>Null when the mail is tracked or nobody wants that any more; else the track with what stands in its way.</returns>
    public async Task<PendingTrack?> TryAsync(string organization, PendingTrack track, bool mayFetch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(track);
        var standing = await ActAsync(organization, track, cancellationToken);
        if (standing is null || !mayFetch)
        {
            return standing;
        }

        try
        {
            var key = GrainKeys.Mailbox(organization, track.Mailbox);
            if (await grains.GetGrain<IMailboxSyncGrain>(key).FetchAsync(track.MessageId, cancellationToken))
            {
                return await ActAsync(organization, track, cancellationToken);
            }

            return standing with
            {
                Problem = $"No folder of {track.Mailbox} has the mail.",
                NextStep = $"Wait until it arrives, or put it back there. {Upload(track)}",
            };
        }
        catch (MailServerException problem)
        {
            return standing with { Problem = problem.Message, NextStep = $"{problem.NextStep} {Upload(track)}" };
        }
    }

    private static string Upload(PendingTrack track) =>
        $"Or bring the mail as a file: emailtracking track '<{track.MessageId}>' --mailbox {track.Mailbox} --file message.eml";

    private async Task<PendingTrack?> ActAsync(string organization, PendingTrack track, CancellationToken cancellationToken)
    {
        if (await FindAsync(organization, track, cancellationToken) is not { } email)
        {
            return track;
        }

        var acts = new ActLog(await queries.ReadActsAsync(organization, [email.Key], cancellationToken));
        if (acts.UndoingOf(track.Act) is not null)
        {
            return null;
        }

        if (!acts.Has(track.Act))
        {
            var conversation = email.Activity?.State.ConversationId ?? NamedId.OfConversation(organization, email.Key);
            var answer = await grains.GetGrain<IConversationGrain>(GrainKeys.Conversation(organization, conversation)).ActAsync(
                new ActRequest { Id = track.Act, Kind = ActKind.Track, By = track.By, On = track.On, Record = track.Record, Emails = [email.Key] },
                cancellationToken);
            if (answer.Problem is { } refused)
            {
                return track with { Problem = refused, NextStep = $"Mend that, or take it back: emailtracking undo {track.Act}" };
            }
        }

        // A word that came later counts: then nothing is awaited any more.
        if (acts.Of(email.Key).Word is { Kind: not ActKind.Track } later && later.On >= track.On)
        {
            return null;
        }

        return await SettleAsync(organization, track, email, cancellationToken) is { Outcome: not Outcome.Tracked } left
            ? track with
            {
                Problem = $"The mail is there, and not tracked yet: {TraceWords.Of(left.Reason)}.",
                NextStep = $"See why: emailtracking explain '<{track.MessageId}>'. {Upload(track)}",
            }
            : null;
    }

    private async Task<EmailRow> SettleAsync(string organization, PendingTrack track, EmailRow email, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (email.Outcome != Outcome.Tracked && time.GetElapsedTime(began) < SettleMax)
        {
            await Task.Delay(SettlePoll, time, cancellationToken);
            email = await FindAsync(organization, track, cancellationToken) ?? email;
        }

        return email;
    }

    // Seen in the mailbox that was named: mail of others is not touched by knowing its id.
    private async Task<EmailRow?> FindAsync(string organization, PendingTrack track, CancellationToken cancellationToken) =>
        await names.FindAsync(organization, $"<{track.MessageId}>", cancellationToken) is { } email && email.Mailboxes.Contains(track.Mailbox)
            ? email
            : null;
}
