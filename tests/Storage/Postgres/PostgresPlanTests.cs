using System.Text.RegularExpressions;
using EmailTracking.Silo.Storage;
using EmailTracking.Silo.Storage.Postgres;
using EmailTracking.Silo.Storage.Postgres.Reading;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EmailTracking.Tests.Storage.Postgres;

/// <summary>
/// The reads on an email's path are planned once, while tables may be empty, and the plan stays: it has to find every row by what
/// tells it apart.
/// </summary>
public sealed partial class PostgresPlanTests
{
    public static TheoryData<string, string> Statements => new()
    {
        { nameof(FactsReader.Settings), FactsReader.Settings },
        { nameof(FactsSql.Mailboxes), FactsSql.Mailboxes },
        { nameof(FactsSql.Directory), FactsSql.Directory },
        { nameof(FactsSql.Emails), FactsSql.Emails },
        { nameof(FactsSql.Keys), FactsSql.Keys },
        { nameof(FactsSql.Decisions), FactsSql.Decisions },
        { nameof(FactsSql.Acts), FactsSql.Acts },
        { "relink: " + nameof(RelinkReader.Emails), RelinkReader.Emails },
        { "relink: " + nameof(RelinkReader.Parties), RelinkReader.Parties },
        { "relink: " + nameof(RelinkReader.Mailboxes), RelinkReader.Mailboxes },
        { "relink: " + nameof(RelinkReader.Directory), RelinkReader.Directory },
        { "relink: " + nameof(RelinkReader.Related), RelinkReader.Related },
        { nameof(FactsSql.Related), FactsSql.Related },
        { nameof(PostgresDirectory.DropAddresses), PostgresDirectory.DropAddresses },
        { "relink: " + nameof(RelinkReader.Acts), RelinkReader.Acts },
        { "rules: " + nameof(RuleReader.Rules), RuleReader.Rules },
        { "rules: " + nameof(RuleReader.Lives), RuleReader.Lives },
        { "members: " + nameof(MembersReader.Acts), MembersReader.Acts },
        { "members: " + nameof(MembersReader.Emails), MembersReader.Emails },
        { "members: " + nameof(MembersReader.Keys), MembersReader.Keys },
        { "members: " + nameof(MembersReader.Conversations), MembersReader.Conversations },
    };

    [Theory]
    [MemberData(nameof(Statements))]
    public Task A_plan_made_for_empty_tables_walks_through_none(string name, string sql) => AssertPlanAsync(
        name,
        sql,
        $"1{string.Concat(Enumerable.Repeat(", '{}'", Parameter().Matches(sql).Select(match => match.Value).Distinct().Count() - 1))}");

    private static async Task AssertPlanAsync(string name, string sql, string parameters)
    {
        await using var database = await PostgresStoreDatabase.CreateAsync();
        await Migrations.ApplyAsync(database.Source, MigrationSet.Postgres);
        await using var sources = new PostgresSources(database.ConnectionString, Options.Create(new TrackingStoreOptions()));
        await using var connection = await sources.Reads.OpenConnectionAsync();
        await ReadAsync(connection, $"prepare planned as {sql}");

        var plan = await ReadAsync(connection, $"explain execute planned({parameters})");

        Assert.True(
            !plan.Exists(line => line.Contains("Seq Scan", StringComparison.Ordinal) || line.Trim() == "Index Cond: (org = $1)"),
            $"{name}:\n{string.Join('\n', plan)}");
        Assert.Contains(plan, line => line.Contains("Index Cond", StringComparison.Ordinal));

        // One place is found by its key; the ledger's index would lead to all of its mailbox.
        Assert.Equal(name == nameof(PostgresDecisionLedger), plan.Exists(line => line.Contains("sighting_received", StringComparison.Ordinal)));
    }

    public static TheoryData<string, string, string> OfMailboxes => new()
    {
        { nameof(PostgresMailboxSync.Connection), PostgresMailboxSync.Connection, "1, ''" },
        { nameof(PostgresMailboxSync.ItemsOfFolder), PostgresMailboxSync.ItemsOfFolder, "1, '', 1, 1, 1, 1" },
        { nameof(PostgresMailboxSync.ItemsNamed), PostgresMailboxSync.ItemsNamed, "1, '', '{}', '{}', '{}'" },
        { nameof(PostgresMailboxSync.ItemsOfEmail), PostgresMailboxSync.ItemsOfEmail, "1, '', '', 1" },
        { nameof(PostgresMailboxSync.Mislabelled), PostgresMailboxSync.Mislabelled, "1, '', '2026-01-01', 1, '{}'" },
        { nameof(PostgresMailboxSync.LabelRetries), PostgresMailboxSync.LabelRetries, "1, '', '2026-01-01', 1, '{}'" },
        {
            nameof(PostgresDecisionLedger), PostgresDecisionLedger.Walk,
            "1, '{}', '{}', '2026-01-01', '2026-01-01', '2026-01-01', '', '', '', 1, null, null, 1"
        },
    };

    [Theory]
    [MemberData(nameof(OfMailboxes))]
    public Task A_plan_for_reading_mailboxes_made_for_empty_tables_walks_through_none(string name, string sql, string parameters) =>
        AssertPlanAsync(name, sql, parameters);

    private static async Task<List<string>> ReadAsync(NpgsqlConnection connection, string sql)
    {
        // As text: the parameters are those of the statement inside.
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }

    [GeneratedRegex(@"\$\d+")]
    private static partial Regex Parameter();
}
