using EmailTracking.Tracking.Deciding;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>Which emails are due to be listed anew: those that are written, are seen in one more place, or come into a queue.</summary>
internal static class ListingStatements
{
    public static void Append(
        NpgsqlBatch batch, List<EmailRow> emails, List<DecisionRow> decisions, List<(int Org, QueueItem Item)> queued)
    {
        if (emails.Count > 0)
        {
            batch.Add(
                Written, Column(emails, NpgsqlDbType.Integer, row => row.Org), Column(emails, NpgsqlDbType.Bigint, row => row.Id));
        }

        var written = emails.Select(row => (row.Org, row.After.Facts.Key)).ToHashSet();
        var others = decisions.Where(row => row.Decision.Outcome == Outcome.Tracked).Select(row => (row.Org, Key: row.Decision.Email))
            .Concat(queued.Select(row => (row.Org, Key: row.Item.Email)))
            .Where(email => !written.Contains(email))
            .Distinct()
            .ToList();
        if (others.Count > 0)
        {
            batch.Add(Touched, Column(others, NpgsqlDbType.Integer, email => email.Org), Keys(others, email => email.Key));
        }
    }

    private const string Written = "insert into listing_due (org, email_id) select * from unnest($1::int[], $2::bigint[])";

    private const string Touched = """
        insert into listing_due (org, email_id)
        select u.org, e.id from unnest($1::int[], $2::bytea[]) as u(org, key)
        cross join lateral (select x.id from email x where x.org = u.org and x.key = u.key offset 0) e
        """;
}
