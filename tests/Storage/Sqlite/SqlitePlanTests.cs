using System.Reflection;
using EmailTracking.Silo.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace EmailTracking.Tests.Storage.Sqlite;

/// <summary>What a row is found by is an index, however large the tables become.</summary>
public sealed class SqlitePlanTests
{
    // What lists or counts all there is, and what reads the few rows that an organization has.
    private static readonly string[] Whole =
    [
        "StoredMailboxes.Every", "SqliteTrackingQueries.LatestActs", "SqliteTrackingQueries.ListLeftOut", "FactsReader.Settings", "SqliteDirectory.SaveSettings",
        "SqliteDirectory.SettingsHistory", "SqliteDirectory.ReadTables",
        "SqliteOutbox.Next", "SqliteTrackingQueries.List", "SqliteTrackingQueries.ListTracked", "SqliteTrackingQueries.ListUntracked",
        "SqliteTrackingQueries.Letters", "SqliteTrackingQueries.Emails", "SqliteTrackingQueries.Conversations",
        "SqliteTrackingQueries.Outboxes", "SqliteTrackingQueries.Dead", "SqliteTrackingQueries.Outcomes",
        "SqliteErasures.Aged", "SqliteErasures.Kept", "SqliteErasures.ByAddress", "SqliteErasures.Latest", "SqliteErasures.Open", "SqliteCreationRules.Rules",
        "SqliteMailboxSync.Profiles", "SqliteMailboxSync.Connections", "SqliteMailboxSync.Standing", "SqliteMailboxSync.Cleared",
        "SqlitePendingTracks.All", "SqliteAccess.Keys", "SqliteAccess.People", "SqliteListings.Due", "SqliteListings.Count", "SqliteDecisionLedger.EveryMailbox",
        "SqliteDecisionLedger.Sums", "SqliteTrackingQueries.Waiting", "SqliteTrackingQueries.Unread",
    ];

    [Fact]
    public async Task No_statement_reads_a_whole_table()
    {
        await using var database = new SqliteStoreDatabase();
        await using var silo = await database.OpenAsync(services => services.AddSingleton(TimeProvider.System));
        using var connection = database.Connect();
        connection.CreateFunction("has_text", (string text, string part) => true);
        var explained = 0;
        foreach (var (name, sql) in Statements().Where(statement => !Whole.Contains(statement.Name)))
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"explain query plan {sql}";
            for (var i = 1; sql.Contains($"${i}", StringComparison.Ordinal); i++)
            {
                command.Parameters.AddWithValue($"${i}", DBNull.Value);
            }

            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                Assert.False(IsWhole(reader.GetString(3)), $"{name}: {reader.GetString(3)}");

                // One place is found by its key; this index would lead to all of its mailbox.
                Assert.True(
                    name == "SqliteDecisionLedger.Walk" || !reader.GetString(3).Contains("sighting_received", StringComparison.Ordinal),
                    $"{name}: {reader.GetString(3)}");
            }

            explained++;
        }

        Assert.True(explained > 50, $"{explained} statements were found.");
    }

    private static bool IsWhole(string step) =>
        step.EndsWith("(org=?)", StringComparison.Ordinal) || step.Contains("AUTOMATIC", StringComparison.Ordinal) ||
        (step.StartsWith("SCAN ", StringComparison.Ordinal) && !step.Contains("VIRTUAL TABLE", StringComparison.Ordinal)
            && step != "SCAN CONSTANT ROW");

    private static IEnumerable<(string Name, string Sql)> Statements() =>
        from type in typeof(SqliteServices).Assembly.GetTypes()
        where type.Namespace?.StartsWith(typeof(SqliteServices).Namespace!, StringComparison.Ordinal) == true
        from field in type.GetFields(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static)
        where field.IsLiteral && field.FieldType == typeof(string)
        let sql = (string)field.GetRawConstantValue()!
        where sql.Split(' ', 2)[0] is "select" or "insert" or "update" or "delete"
        select ($"{type.Name}.{field.Name}", sql);
}
