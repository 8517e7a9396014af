using System.Collections.Immutable;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>The versions of an organization's settings.</summary>
internal static class SettingVersions
{
    private const string Settings = "select version, body from setting where org = $1 order by version desc limit 1";

    public static async Task<TrackingSettings> ReadAsync(NpgsqlDataSource source, int org, CancellationToken cancellationToken)
    {
        await using var command = source.Command(Settings, Value(org));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? SettingsJson.Read(reader.GetInt64(0), reader.GetString(1))
            : new TrackingSettings();
    }

    private const string History =
        "select version, body, changed_by, changed_on, why from setting where org = $1 order by version desc limit $2";

    public static async Task<ImmutableArray<SettingsVersion>> ReadHistoryAsync(
        NpgsqlDataSource source, int org, int countMax, CancellationToken cancellationToken)
    {
        await using var command = source.Command(History, Value(org), Value(countMax));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, Version).ToListAsync(cancellationToken)];
    }

    // Two people save at once: the version that both have read lets one in, and the other reads again.
    private const string Save = """
        insert into setting (org, version, body, changed_by, changed_on, why)
        select $1, $2 + 1, $3, $4, $5, $6 where $2 = (select coalesce(max(s.version), 0) from setting s where s.org = $1)
        """;

    public static async Task<long?> SaveAsync(NpgsqlDataSource source, int org, SettingsVersion version, CancellationToken cancellationToken)
    {
        var seen = version.Settings.Version;
        try
        {
            await using var command = source.Command(
                Save,
                Value(org),
                Value(seen),
                Value(SettingsJson.Write(version.Settings)),
                Value(version.ChangedBy),
                Value(version.ChangedOn.UtcDateTime),
                Value(version.Why, NpgsqlDbType.Text));
            return await command.ExecuteNonQueryAsync(cancellationToken) == 1 ? seen + 1 : null;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null;
        }
    }

    private static SettingsVersion Version(NpgsqlDataReader reader) => new(
        SettingsJson.Read(reader.GetInt64(0), reader.GetString(1)), reader.GetString(2), Rows.Time(reader, 3), Rows.Text(reader, 4));
}
