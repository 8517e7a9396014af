using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Writing;

/// <summary>Who takes part in emails. Fenced by the emails' conversations.</summary>
internal static class PartyWrites
{
    private const string Delete = "delete from activity_party where email_id = $1";

    private const string Insert = """
        insert into activity_party (email_id, ordinal, participation, address, name, record_table, record_id)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string Sender = """
        update activity_party set record_table = $2, record_id = $3 where email_id = $1 and participation = $4
        """;

    public static void Write(SqliteSession session, long row, EmailChange email)
    {
        if ((email.Parties ?? email.Content?.Parties) is { } parties)
        {
            if (email.Before is not null)
            {
                session.Execute(Delete, row);
            }

            foreach (var (ordinal, (participant, record)) in parties.Index())
            {
                session.Execute(
                    Insert, row, ordinal, participant.Type, participant.Address, participant.Name, record?.LogicalName, record?.Id);
            }
        }
        else if (email.Before?.State.SenderRecord != email.After.State.SenderRecord)
        {
            var record = email.After.State.SenderRecord;
            session.Execute(Sender, row, record?.LogicalName, record?.Id, ParticipationType.Sender);
        }
    }
}
