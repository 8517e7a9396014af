using System.Globalization;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>The decision rows of a batch: one for each sighting, with its reason and trace.</summary>
internal static class Decisions
{
    public static Outcome OutcomeOf(Judged judged) =>
        judged.Verdict.Accepted ? Outcome.Tracked
        : judged.Verdict.Reason == ReasonCode.WaitsForParent ? Outcome.Waiting
        : Outcome.Skipped;

    /// <summary>The decisions to be stored: those that are new, or differ from the ones that stand.</summary>
    public static IEnumerable<SightingDecision> Of(Candidate candidate, Candidates candidates, TrackingSnapshot snapshot)
    {
        if (candidate.Hand.Erased is { } erased)
        {
            foreach (var decision in ErasedCopies.Of(candidate, erased, snapshot))
            {
                yield return decision;
            }

            yield break;
        }

        foreach (var judged in candidate.Sightings.DistinctBy(judged => judged.Sighting.Place))
        {
            var outcome = OutcomeOf(judged);
            var standing = snapshot.Decisions.FirstOrDefault(decision => decision.Place == judged.Sighting.Place);
            if (standing is not null && standing.Outcome == outcome && standing.Reason == judged.Verdict.Reason &&
                standing.Email == candidate.Key && !judged.Sighting.IsRetry)
            {
                continue;
            }

            yield return new SightingDecision(
                judged.Sighting,
                candidate.Key,
                outcome,
                judged.Verdict.Reason,
                [.. Trace(candidate, judged, snapshot)],
                outcome == Outcome.Waiting ? candidates.WaitsFor(judged.Sighting) : [],
                standing is not null);
        }
    }

    private static IEnumerable<TraceEntry> Trace(Candidate candidate, Judged judged, TrackingSnapshot snapshot)
    {
        var (sighting, mailbox) = (judged.Sighting, judged.AskedIn(snapshot));
        var method = Filter.MethodOf(mailbox, snapshot.Settings.Acceptance);
        yield return TraceEntry.Of(judged.Identity switch
        {
            Identity.Variant => TraceCode.ReusedId,
            Identity.Known => TraceCode.SameEmail,
            _ => TraceCode.FirstSeen,
        });
        yield return TraceEntry.Of(
            TraceCode.FilterAsked,
            mailbox.Address.Value,
            method.ToString(),
            ((int)judged.Verdict.Reason).ToString(CultureInfo.InvariantCulture),
            judged.Verdict.Accepted ? "accepted" : "refused");
        if (FilterReasons.IsPrivate(judged.Verdict.Reason))
        {
            // Of what the mail says nothing more is told.
            yield break;
        }

        if (sighting.IsMoved)
        {
            yield return TraceEntry.Of(TraceCode.ArrivedByMove, sighting.Place.Folder);
        }

        if (method != mailbox.Filter)
        {
            yield return TraceEntry.Of(TraceCode.FilterForced, mailbox.Filter.ToString());
        }

        if (judged.Verdict.Accepted && sighting.FolderKind == FolderKind.Inbox && !IsAddressed(mailbox, sighting.Facts, snapshot))
        {
            yield return TraceEntry.Of(TraceCode.NotAddressed, mailbox.Address.Value);
        }

        if (method is FilterMethod.LeadsContactsAccounts or FilterMethod.EmailEnabledRecords)
        {
            var records = sighting.Facts.Sender is { } sender ? snapshot.RecordsOf(sender) : [];
            yield return TraceEntry.Of(
                TraceCode.SenderIs, string.Join(' ', records.Select(record => record.Reference.LogicalName).Distinct().Order()));
        }

        if (judged.Verdict.Reason == ReasonCode.WaitsForParent)
        {
            yield return TraceEntry.Of(TraceCode.AnswersUntracked, sighting.Facts.InReplyTo ?? "");
        }

        foreach (var (token, conversations, believed) in Tokens.Seen(sighting.Facts, candidate.Key, snapshot))
        {
            // A token that only this mail carries is news when it comes from outside.
            if (believed is null && (conversations > 0 || !Parties.IsUser(sighting.Facts.Sender, snapshot.RecordsOf)))
            {
                yield return TraceEntry.Of(
                    TraceCode.TokenNotBelieved, token, conversations.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static bool IsAddressed(MailboxFacts mailbox, EmailFacts mail, TrackingSnapshot snapshot) => mail.Recipients.Any(one =>
        one.Address is { } address && AcceptingEntity.IsOf(mailbox, address, snapshot.RecordsOf));
}
