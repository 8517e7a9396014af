namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>Removes raw mail that nothing needs, uploads that were left, and operation ids that are forgotten.</summary>
internal static class ContentSweep
{
    // $1 organization, $2 hash, $3 waiting until: 2 needed for good, 1 for now, 0 not at all. The index has these outcomes only, and
    // is used by who names them.
    private const string Need = """
        select case
            when exists (select 1 from dead_letter l where l.org = $1 and l.content_hash = $2) then 2
            else coalesce((
                select max(case s.outcome when 1 then 2 when 4 then 1 else s.decided_on > $3 end)
                from sighting s where s.org = $1 and s.content_hash = $2 and s.outcome in (1, 3, 4)
                  and not exists (select 1 from email e where e.org = s.org and e.key = s.email_key and e.is_withheld)), 0)
            end
        """;

    private const string Due = "select hash from content where org = $1 and check_on <= $2 order by check_on limit $3";

    private const string Keep = "update content set check_on = $3 where org = $1 and hash = $2";

    private const string Remove = "delete from content where org = $1 and hash = $2";

    private const string Parts = """
        delete from content_part where rowid in (
            select rowid from content_part where org = $1 and created_on <= $2 limit $3)
        """;

    private const string Operations = """
        delete from operation where (org, mailbox, id) in (
            select org, mailbox, id from operation where org = $1 and created_on < $2 limit $3)
        """;

    /// <summary>Looks at what is due. What tracked mail or a dead letter needs is kept for good and not looked at again.</summary>
    /// <returns>How many rows were removed.</returns>
    public static int Run(
        SqliteSession session,
        long org,
        int removedMax,
        DateTimeOffset now,
        DateTimeOffset unneededUntil,
        DateTimeOffset waitingUntil,
        DateTimeOffset operationsUntil,
        DateTimeOffset nextCheck)
    {
        var removed = 0;
        foreach (var hash in session.Query(Due, row => row.Bytes(0), org, now, removedMax))
        {
            switch (session.Number(Need, org, hash, waitingUntil))
            {
                case 2:
                    session.Execute(Keep, org, hash, null);
                    break;
                case 1:
                    session.Execute(Keep, org, hash, nextCheck);
                    break;
                default:
                    removed += session.Execute(Remove, org, hash);
                    break;
            }
        }

        removed += session.Execute(Parts, org, unneededUntil, removedMax - removed);
        return removed + session.Execute(Operations, org, operationsUntil, removedMax - removed);
    }
}
