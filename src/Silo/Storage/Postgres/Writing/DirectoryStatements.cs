using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>What changes the directory: records that unknown senders became, and addresses that a person resolved in an email.</summary>
internal static class DirectoryStatements
{
    /// <summary>Appends the changes, one organization after the other: each is locked once, in one order for all writers.</summary>
    public static void Append(
        NpgsqlBatch batch, List<(int Org, NewRecord Record)> records, List<(int Org, EmailAddress Address)> touched, DateTimeOffset now)
    {
        foreach (var org in records.Select(row => row.Org).Concat(touched.Select(row => row.Org)).Distinct().Order())
        {
            NewRecord[] made =
            [
                .. records.Where(row => row.Org == org).Select(row => row.Record)
                    .DistinctBy(record => record.Reference)
                    .OrderBy(record => record.Reference.Id),
            ];
            string[] addresses =
            [
                .. touched.Where(row => row.Org == org).Select(row => row.Address.Value).Distinct().Order(StringComparer.Ordinal),
            ];
            batch.Add(PostgresDirectory.Queue, Value(org));
            if (made.Length > 0)
            {
                NewRecordStatements.Append(batch, org, made, now);
            }

            if (addresses.Length > 0)
            {
                batch.Add(Note, Value(org), Column(addresses, NpgsqlDbType.Text, address => address), Value(now.UtcDateTime));
            }
        }
    }

    /// <summary>$2: addresses that may stand for other records now. The organization's row is locked. Its row: the version.</summary>
    internal const string Note = """
        with taken as (
            update organization set directory_version = directory_version + 1 where id = $1 returning directory_version
        )
        insert into directory_change (org, version, changed_on, addresses) select $1, taken.directory_version, $3, $2 from taken
        returning version
        """;
}
