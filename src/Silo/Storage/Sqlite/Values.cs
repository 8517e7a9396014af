using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <summary>Values as the rules have them, and as the columns do.</summary>
internal static class Values
{
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>What is stored for a value.</summary>
    public static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        MessageKey key => key.ToBytes(),
        Guid id => id.ToByteArray(bigEndian: true),
        DateTimeOffset time => Microseconds(time),
        DateOnly day => day.ToString(DayFormat, CultureInfo.InvariantCulture),
        EmailAddress address => address.Value,
        MessageId id => id.Value,
        GroundTokens tokens => tokens.ToBytes(),
        ReadOnlyMemory<byte> bytes => bytes.ToArray(),
        Enum number => Convert.ToInt64(number, CultureInfo.InvariantCulture),
        _ => value,
    };

    /// <summary>Many keys as one value: a JSON array of hexadecimal digits, for <c>unhex</c>.</summary>
    public static string Many(IEnumerable<MessageKey> keys) => JsonSerializer.Serialize(keys.Select(key => key.ToString()));

    /// <summary>Many ids as one value: a JSON array of hexadecimal digits, for <c>unhex</c>.</summary>
    public static string Many(IEnumerable<Guid> ids) => JsonSerializer.Serialize(ids.Select(id => id.ToString("N")));

    /// <summary>Many texts as one value: a JSON array.</summary>
    public static string Many(IEnumerable<string> texts) => JsonSerializer.Serialize(texts);

    /// <summary>Many row numbers as one value: a JSON array.</summary>
    public static string Many(IEnumerable<long> numbers) => JsonSerializer.Serialize(numbers);

    /// <summary>Addresses out of a JSON array.</summary>
    /// <exception cref="InvalidDataException">What is stored is no address.</exception>
    public static ImmutableArray<EmailAddress> Addresses(string json) =>
    [
        .. JsonSerializer.Deserialize<string[]>(json)!.Select(text => EmailAddress.TryParse(text, out var address)
            ? address
            : throw new InvalidDataException("A stored address is none: the database was changed from outside.")),
    ];

    public static MessageKey Key(this SqliteDataReader row, int column) => MessageKey.FromBytes(row.Bytes(column));

    public static MessageKey? KeyOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Key(column);

    public static byte[] Bytes(this SqliteDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static bool Flag(this SqliteDataReader row, int column) => row.GetInt64(column) != 0;

    public static Guid Id(this SqliteDataReader row, int column) => new(row.Bytes(column), bigEndian: true);

    public static DateTimeOffset Time(this SqliteDataReader row, int column) =>
        DateTimeOffset.UnixEpoch.AddTicks(row.GetInt64(column) * TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset? TimeOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    public static DateOnly Day(this SqliteDataReader row, int column) =>
        DateOnly.ParseExact(row.GetString(column), DayFormat, CultureInfo.InvariantCulture);

    public static DateOnly? DayOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Day(column);

    public static string Hash(this SqliteDataReader row, int column) => Convert.ToHexStringLower(row.Bytes(column));

    /// <exception cref="InvalidDataException">What is stored is no address.</exception>
    public static EmailAddress Address(this SqliteDataReader row, int column) =>
        EmailAddress.TryParse(row.GetString(column), out var address)
            ? address
            : throw new InvalidDataException("A stored address is none: the database was changed from outside.");

    public static EmailAddress? AddressOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Address(column);

    public static RecordReference? Record(this SqliteDataReader row, int tableColumn) =>
        row.IsDBNull(tableColumn) ? null : new RecordReference(row.GetString(tableColumn), row.Id(tableColumn + 1));

    public static SightingPlace Place(this SqliteDataReader row, int addressColumn) =>
        new(row.Address(addressColumn), row.GetString(addressColumn + 1), row.GetString(addressColumn + 2));

    public static RecordFacts RecordFacts(this SqliteDataReader row, int column) => new(
        new RecordReference(row.GetString(column), row.Id(column + 1)),
        row.Flag(column + 2),
        row.IsDBNull(column + 3) ? null : row.Id(column + 3),
        row.Time(column + 4));

    // Rounded down, also before 1970.
    private static long Microseconds(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        return (ticks - (((ticks % TimeSpan.TicksPerMicrosecond) + TimeSpan.TicksPerMicrosecond) % TimeSpan.TicksPerMicrosecond))
            / TimeSpan.TicksPerMicrosecond;
    }
}
