using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>Writes one change inside the writer's savepoint.</summary>
/// <remarks>
/// Nobody else writes meanwhile, but what the change was decided on was read before: versions, id rows and places are compared with
/// what stands now, and a difference undoes the change.
/// </remarks>
internal sealed class ChangeWriter(SqliteNames names, TimeProvider time)
{
    /// <summary>Writes a change.</summary>
    /// <returns>How many waiting sightings it put into the outbox.</returns>
    /// <exception cref="LostRaceException">What it was decided on has changed.</exception>
    public int Write(SqliteSession session, TrackingChange change)
    {
        var (org, now) = (names.Ensure(session, change.Organization), time.GetUtcNow());
        ConversationWrites.Write(session, org, change.Conversations);
        var rows = new Dictionary<MessageKey, long>();
        foreach (var email in change.Emails)
        {
            var row = EmailWrites.Write(session, org, email, now);
            rows.Add(email.After.Facts.Key, row);
            ClaimWrites.Write(session, row, email);
            PartyWrites.Write(session, row, email);
            ErasureWrites.Email(session, row, email);
        }

        var addresses = NewRecordWrites.Write(session, org, change.Records, now);
        if (addresses.Count > 0)
        {
            DirectoryChanges.Note(session, org, addresses, now);
        }

        if (!change.Touched.IsEmpty)
        {
            DirectoryChanges.Note(session, org, change.Touched.Select(address => address.Value), now);
        }

        CreatedRecordWrites.Write(session, org, change.Created, now);
        QueueWrites.Write(session, org, change.QueueItems, now);
        ActWrites.Check(session, org, change.Emails);
        ActWrites.Write(session, org, change.Acts, change.Unknown, now);
        KeyWrites.Write(session, org, change.Keys, change.ContestedKeys, rows);
        var places = new List<(long Mailbox, SightingDecision Decision)>();
        foreach (var decision in change.Decisions)
        {
            var mailbox = SqliteNames.MailboxOf(session, org, decision.Sighting.Place.Mailbox);
            SightingWrites.Write(session, org, mailbox, decision, change.SettingsVersion, now);
            places.Add((mailbox, decision));
        }

        places.ForEach(place => HeardWrites.Write(session, org, place.Mailbox, place.Decision));
        var woken = HeardWrites.Wake(session, org, change.Keys, places, now) + ActWrites.Again(session, org, change.Again, now);
        if (change.Erasure is { } erasure)
        {
            foreach (var act in change.Acts)
            {
                ErasureWrites.Write(session, org, erasure, act.Emails, TraceJson.Write(ErasedCopies.TraceOf(act.By, act.On)));
            }
        }

        EventWrites.Write(session, org, change.Events, places, now);
        ListingWrites.Note(session, org, rows, change);
        return woken;
    }

    /// <summary>Keeps the sightings of a change that was refused as dead letters.</summary>
    public void Bury(SqliteSession session, TrackingChange change, string problem)
    {
        var (org, now) = (names.Ensure(session, change.Organization), time.GetUtcNow());
        foreach (var sighting in change.Decisions.Select(decision => decision.Sighting))
        {
            DeadLetters.Write(session, org, new DeadLetter(
                sighting.Place, DeadLetters.CommitStep, ReasonCode.Poison, problem, sighting.ContentHash, now)
            {
                ReceivedOn = sighting.ReceivedOn,
                IsBackfill = sighting.IsBackfill,
            });
        }
    }
}
