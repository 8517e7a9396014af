using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>Ids that mails bear or name.</summary>
internal static class KeyWrites
{
    // A parent and its answer are decided at once, each without knowing the other: both write the parent's id, and the primary
    // key lets one of them in. The other decides again, and sees it.
    private const string Insert = """
        insert into thread_key (org, key, holder, is_borne, is_near_claimed, is_contested, heard) values ($1, $2, $3, $4, $5, 0, 0)
        """;

    // The same race for an id that is known already: whoever bears or holds it must be who was read.
    private const string Update = """
        update thread_key
        set holder = coalesce($3, holder), is_borne = $4, is_near_claimed = is_near_claimed or $5
        where org = $1 and key = $2 and is_borne = $6
          and holder is (select e.id from email e where e.org = $1 and e.key = $7)
        """;

    // Contested once, contested for ever: it only makes more conversations be looked at together.
    private const string Contest = "update thread_key set is_contested = 1 where org = $1 and key = $2";

    /// <param name="session">The writer's connection.</param>
    /// <param name="org">The organization.</param>
    /// <param name="keys">The id rows to write.</param>
    /// <param name="contested">The ids that are contested now.</param>
    /// <param name="emails">The row numbers of the change's emails: a holder only ever changes to one of them.</param>
    public static void Write(
        SqliteSession session,
        long org,
        ImmutableArray<KeyChange> keys,
        ImmutableArray<MessageKey> contested,
        IReadOnlyDictionary<MessageKey, long> emails)
    {
        foreach (var (before, after) in keys)
        {
            var holder = after.Holder is { } one && one != before?.Holder ? emails[one] : (long?)null;
            if (before is null)
            {
                session.Execute(Insert, org, after.Key, holder, after.IsBorne, after.IsNearClaimed);
            }
            else if (session.Execute(
                Update, org, after.Key, holder, after.IsBorne, after.IsNearClaimed, before.IsBorne, before.Holder) != 1)
            {
                throw new LostRaceException("id");
            }
        }

        foreach (var key in contested)
        {
            session.Execute(Contest, org, key);
        }
    }
}
