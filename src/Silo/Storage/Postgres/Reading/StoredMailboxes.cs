using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EmailTracking.Tracking.Deciding;
using Npgsql;

namespace EmailTracking.Silo.Storage.Postgres.Reading;

/// <summary>The columns of a mailbox, in one order for all statements that read mailboxes.</summary>
internal static class StoredMailboxes
{
    /// <summary>For <c>mailbox m</c>.</summary>
    public const string Columns = """
        m.id, m.address, m.owner_table, m.owner_id, m.is_queue, m.filter,
        (select json_agg(json_build_array(f.name, f.regarding_table, f.regarding_id, f.state, f.from_day, f.until_day) order by f.name)
         from mailbox_tracking_folder f where f.mailbox_id = m.id)::text,
        m.options
        """;

    /// <summary>How many columns these are.</summary>
    public const int Count = 8;

    public static (long Id, MailboxFacts Mailbox) Read(NpgsqlDataReader reader) => (
        reader.GetInt64(0),
        new MailboxFacts(
            Rows.Address(reader, 1)!.Value,
            Rows.Record(reader, 2),
            reader.GetBoolean(4),
            (FilterMethod)reader.GetInt16(5),
            Folders(Rows.Text(reader, 6)))
        {
            Options = PersonalOptionsJson.Read(Rows.Text(reader, 7)),
        });

    private static ImmutableArray<TrackingFolder> Folders(string? text)
    {
        if (text is null)
        {
            return [];
        }

        using var json = JsonDocument.Parse(text);
        return
        [
            .. json.RootElement.EnumerateArray().Select(folder => new TrackingFolder(
                folder[0].GetString()!,
                folder[1].GetString() is { } table ? new RecordReference(table, folder[2].GetGuid()) : null)
            {
                State = (FolderRuleState)folder[3].GetInt32(),
                From = Day(folder[4]),
                Until = Day(folder[5]),
            }),
        ];
    }

    private static DateOnly? Day(JsonElement value) =>
        value.GetString() is { } text ? DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
}
