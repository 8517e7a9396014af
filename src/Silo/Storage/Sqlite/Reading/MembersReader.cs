using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Sqlite.Reading;

/// <summary>Widens a snapshot by whole conversations.</summary>
internal static class MembersReader
{
    private const string Members = """
        select e.id, e.id_key, e.key
        from json_each($2) k
        cross join conversation c on c.org = $1 and c.conversation_id = unhex(k.value)
        cross join email e on e.conversation_id = c.id
        """;

    private const string Contested = """
        select t.key from json_each($2) k cross join thread_key t on t.org = $1 and t.key = unhex(k.value) and t.is_contested
        """;

    private const string Claimers = "select n.email_id from json_each($1) k cross join claim n on n.key = unhex(k.value)";

    // A conversation that was emptied can be wanted again: it is read by its id, whether or not it has emails.
    private const string Conversations = """
        select c.conversation_id, c.version, c.stops
        from json_each($2) k cross join conversation c on c.org = $1 and c.conversation_id = unhex(k.value)
        """;

    public static TrackingSnapshot Read(
        SqliteSession session,
        string organization,
        long org,
        TrackingSnapshot facts,
        ImmutableArray<Guid> conversations,
        ImmutableArray<MessageKey> keys)
    {
        var members = session.Query(
            Members, row => (Id: row.GetInt64(0), IdKey: row.Key(1), Key: row.Key(2)), org, Values.Many(conversations));
        long[] memberIds = [.. members.Select(member => member.Id)];
        var theirs = StoredKeys.ReadNamed(session, memberIds).Concat(members.Select(member => member.IdKey)).Distinct();
        MessageKey[] wanted =
            [.. session.Query(Contested, row => row.Key(0), org, Values.Many(theirs)).Concat(keys).Distinct()];
        var acts = StoredActs.Read(session, org, [.. members.Select(member => member.Key).Concat(keys).Distinct()]);
        var emails = StoredEmails.Read(session, org, [
            .. memberIds
                .Concat(StoredKeys.ReadBearers(session, org, wanted))
                .Concat(StoredKeys.ReadVariants(session, org, wanted))
                .Concat(session.Query(Claimers, row => row.GetInt64(0), Values.Many(wanted)))
                .Concat(StoredKeys.ReadBearers(session, org, [.. acts.SelectMany(act => act.Emails).Distinct()]))
                .Distinct(),
        ]);
        var founded = emails
            .Where(email => email.Email.State.IsFounder && conversations.Contains(email.Email.State.ConversationId))
            .Select(email => NamedId.OfConversation(organization, email.Email.Facts.Key));
        var versions = session.Query(
            Conversations,
            row => new ConversationFacts(row.Id(0), row.GetInt64(1), IsComplete: false, StopsJson.Read(row.Text(2))),
            org,
            Values.Many(conversations.Concat(founded).Distinct()));
        return StoredRules.WithLives(session, org, WidenedSnapshot.Of(
            facts,
            conversations,
            emails.Select(email => email.Email),
            StoredKeys.Read(session, org, wanted).Select(key => key.Facts),
            versions.Concat(emails.Select(email => email.Facts)),
            acts));
    }
}
