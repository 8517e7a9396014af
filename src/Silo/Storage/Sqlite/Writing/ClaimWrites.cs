using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>What emails claim: ids of others, and records that they are about. Fenced by the emails' conversations.</summary>
internal static class ClaimWrites
{
    private const string Delete = "delete from claim where email_id = $1";

    private const string Insert = "insert into claim (email_id, position, key, kind, is_open) values ($1, $2, $3, $4, $5)";

    private const string Open = "update claim set is_open = $3 where email_id = $1 and position = $2 and is_open <> $3";

    private const string DeleteRegarding = "delete from regarding_claim where email_id = $1";

    private const string InsertRegarding = """
        insert into regarding_claim (email_id, ordinal, source, record_table, record_id, mailbox, folder, position)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    public static void Write(SqliteSession session, long row, EmailChange email)
    {
        // When its place was not looked at, its claims stand as they are.
        if (email.Trace is not null)
        {
            WriteClaims(session, row, email);
        }

        var (before, after) = (email.Before?.State.RegardingClaims ?? [], email.After.State.RegardingClaims);
        if (!before.SequenceEqual(after))
        {
            WriteRegarding(session, row, after);
        }
    }

    private static void WriteClaims(SqliteSession session, long row, EmailChange email)
    {
        var claims = email.After.Facts.Claims;
        var stand = email.Before is { } before && before.Facts.Claims.SequenceEqual(claims);
        if (!stand && email.Before is not null)
        {
            session.Execute(Delete, row);
        }

        for (var i = 0; i < claims.Length; i++)
        {
            var isOpen = email.OpenClaims.Contains(i);
            if (stand)
            {
                session.Execute(Open, row, i, isOpen);
            }
            else
            {
                session.Execute(Insert, row, i, claims[i].Key, claims[i].Kind, isOpen);
            }
        }
    }

    private static void WriteRegarding(SqliteSession session, long row, ImmutableArray<RegardingClaim> claims)
    {
        session.Execute(DeleteRegarding, row);
        foreach (var (ordinal, claim) in claims.Index())
        {
            session.Execute(
                InsertRegarding,
                row, ordinal, claim.Source, claim.Record.LogicalName, claim.Record.Id, claim.Mailbox, claim.Folder, claim.Position);
        }
    }
}
