using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>An answer that waits, and the mail that it waits for, decided at once: neither misses the other.</summary>
/// <remarks>
/// Whoever is written second either finds that what it waits for has come, and decides again, or finds who waits, and wakes it.
/// </remarks>
internal static class HeardWrites
{
    private const string Know = """
        insert into thread_key (org, key, holder, is_borne, is_near_claimed, is_contested, heard)
        select $1, $2, null, 0, 0, 0, 0
        where not exists (select 1 from thread_key t where t.org = $1 and t.key = $2)
        """;

    private const string Wait = """
        insert into heard (org, key, mailbox_id, folder, item, by_index) values ($1, $2, $3, $4, $5, $6)
        """;

    // Counts, unless what is waited for has come.
    private const string Hear = """
        update thread_key set heard = heard + 1
        where org = $1 and key = $2 and case when $3 then holder is null else not is_borne end
        """;

    private const string Waiting = """
        select h.mailbox_id, h.folder, h.item from heard h
        where h.org = $1 and h.key = $2 and case when h.by_index then $4 else $3 end
        """;

    private const string Wakened = """
        insert into outbox (mailbox_id, folder, item, org, due_on, attempts)
        select $1, $2, $3, $4, $5, 0
        where not exists (select 1 from outbox o where o.mailbox_id = $1 and o.folder = $2 and o.item = $3)
        """;

    /// <summary>Writes what a sighting waits for.</summary>
    public static void Write(SqliteSession session, long org, long mailbox, SightingDecision decision)
    {
        var place = decision.Sighting.Place;
        foreach (var claim in decision.Heard)
        {
            var byIndex = claim.Kind == ClaimKind.ThreadIndex;
            session.Execute(Know, org, claim.Key);
            session.Execute(Wait, org, claim.Key, mailbox, place.Folder, place.Item, byIndex);
            if (session.Execute(Hear, org, claim.Key, byIndex) != 1)
            {
                throw new LostRaceException("heard");
            }
        }
    }

    /// <summary>Puts those who wait for what has come into the outbox, but for the places that the change itself decides.</summary>
    /// <returns>How many.</returns>
    public static int Wake(
        SqliteSession session,
        long org,
        ImmutableArray<KeyChange> keys,
        IEnumerable<(long Mailbox, SightingDecision Decision)> decided,
        DateTimeOffset now)
    {
        var places = decided
            .Select(place => (place.Mailbox, place.Decision.Sighting.Place.Folder, place.Decision.Sighting.Place.Item))
            .ToHashSet();
        var woken = 0;
        foreach (var (before, after) in keys)
        {
            var isBorneNow = after.IsBorne && before is not { IsBorne: true };
            var isHeldNow = after.Holder is not null && before?.Holder is null;
            if (!isBorneNow && !isHeldNow)
            {
                continue;
            }

            var waiting = session.Query(
                Waiting, row => (row.GetInt64(0), row.GetString(1), row.GetString(2)), org, after.Key, isBorneNow, isHeldNow);
            foreach (var (mailbox, folder, item) in waiting.Where(place => !places.Contains(place)))
            {
                woken += session.Execute(Wakened, mailbox, folder, item, org, now);
            }
        }

        return woken;
    }
}
