using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;

namespace EmailTracking.Silo.Storage.Postgres;

/// <summary>Values of columns as the rules have them.</summary>
internal static class Rows
{
    public static MessageKey Key(NpgsqlDataReader reader, int column) => MessageKey.FromBytes(reader.GetFieldValue<byte[]>(column));

    public static MessageKey? KeyOrNull(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : Key(reader, column);

    public static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset Time(NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    public static DateTimeOffset? TimeOrNull(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : Time(reader, column);

    public static string Hash(NpgsqlDataReader reader, int column) => Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(column));

    /// <exception cref="InvalidDataException">What is stored is no address.</exception>
    public static EmailAddress? Address(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null
        : EmailAddress.TryParse(reader.GetString(column), out var address) ? address
        : throw new InvalidDataException("A stored address is none: the database was changed from outside.");

    /// <exception cref="InvalidDataException">What is stored is no address.</exception>
    public static ImmutableArray<EmailAddress> Addresses(NpgsqlDataReader reader, int column) =>
    [
        .. reader.GetFieldValue<string[]>(column).Select(text => EmailAddress.TryParse(text, out var address)
            ? address
            : throw new InvalidDataException("A stored address is none: the database was changed from outside.")),
    ];

    public static RecordReference? Record(NpgsqlDataReader reader, int tableColumn) =>
        reader.IsDBNull(tableColumn) ? null : new RecordReference(reader.GetString(tableColumn), reader.GetGuid(tableColumn + 1));

    public static SightingPlace Place(NpgsqlDataReader reader, int addressColumn) => new(
        Address(reader, addressColumn)!.Value, reader.GetString(addressColumn + 1), reader.GetString(addressColumn + 2));

    public static KeyFacts KeyFacts(NpgsqlDataReader reader) => new(
        Key(reader, 0), KeyOrNull(reader, 1), reader.GetBoolean(2), reader.GetBoolean(3), reader.GetBoolean(4));

    /// <summary>What became of a record: table, id, is_active, successor, deleted_on, inactive_on.</summary>
    public static RecordLife Life(NpgsqlDataReader reader) =>
        new(Record(reader, 0)!.Value, reader.GetBoolean(2), Record(reader, 3), TimeOrNull(reader, 5)) { InactiveOn = TimeOrNull(reader, 6) };

    public static RecordFacts RecordFacts(NpgsqlDataReader reader, int column) => new(
        new RecordReference(reader.GetString(column), reader.GetGuid(column + 1)),
        reader.GetBoolean(column + 2),
        reader.IsDBNull(column + 3) ? null : reader.GetGuid(column + 3),
        Time(reader, column + 4));

    /// <summary>A record of an address: one column more, whether it is chosen for it.</summary>
    public static RecordFacts MeantFacts(NpgsqlDataReader reader, int column) =>
        RecordFacts(reader, column) with
        {
            IsChosen = reader.GetBoolean(column + 5), IsByChoiceAlone = !reader.GetBoolean(column + 6),
        };

    public static async IAsyncEnumerable<T> AllAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> row)
    {
        while (await reader.ReadAsync())
        {
            yield return row(reader);
        }
    }
}
