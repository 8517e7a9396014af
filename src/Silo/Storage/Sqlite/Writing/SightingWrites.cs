using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>Decisions: one row for each sighting. Whoever decides again is done with what the outbox asked for.</summary>
internal static class SightingWrites
{
    // One delivery comes twice at once: the place lets one decision in, the other finds it when it decides again.
    private const string Insert = """
        insert into sighting (mailbox_id, folder, item, org, email_key, folder_kind, outcome, reason,
            settings_version, trace, content_hash, size, received_on, decided_on, is_backfill, seen_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $14)
        """;

    // A copy that was read whole once, and now by its headers alone, keeps its raw mail.
    private const string Update = """
        update sighting set
            email_key = $5, folder_kind = $6, outcome = $7, reason = $8, settings_version = $9, trace = $10,
            content_hash = case when $11 = zeroblob(32) then content_hash else $11 end, size = $12, received_on = $13, decided_on = $14, is_backfill = $15
        where mailbox_id = $1 and folder = $2 and item = $3 and org = $4
        """;

    private const string Unwait = "delete from heard where mailbox_id = $1 and folder = $2 and item = $3";

    private const string Done = "delete from outbox where mailbox_id = $1 and folder = $2 and item = $3";

    public static void Write(
        SqliteSession session, long org, long mailbox, SightingDecision decision, long settingsVersion, DateTimeOffset now)
    {
        var (sighting, place) = (decision.Sighting, decision.Sighting.Place);
        var changed = session.Execute(
            decision.Replaces ? Update : Insert,
            mailbox, place.Folder, place.Item, org, decision.Email, sighting.FolderKind, decision.Outcome, decision.Reason,
            settingsVersion, TraceJson.Write(decision.Trace), Convert.FromHexString(sighting.ContentHash), sighting.Size,
            sighting.ReceivedOn, now, sighting.IsBackfill);
        if (changed != 1)
        {
            throw new LostRaceException("sighting");
        }

        if (decision.Replaces)
        {
            session.Execute(Unwait, mailbox, place.Folder, place.Item);
            session.Execute(Done, mailbox, place.Folder, place.Item);
        }
    }
}
