using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Sqlite.Writing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Silo.Storage.Sqlite;

/// <content>Records that people chose for addresses.</content>
internal sealed partial class SqliteDirectory
{
    private const string Chosen = "select a.logical_name, a.id from record_address a where a.org = $1 and a.address = $2 and a.is_chosen";

    // Of a row that is there by the choice alone nothing is left.
    internal const string DropChoice = "delete from record_address where org = $1 and address = $2 and is_chosen and not is_own";

    internal const string ClearChoice = "update record_address set is_chosen = 0 where org = $1 and address = $2 and is_chosen";

    private const string Choose = """
        insert into record_address (org, address, logical_name, id, is_chosen, is_own) values ($1, $2, $3, $4, 1, 0)
        on conflict (org, address, logical_name, id) do update set is_chosen = 1
        """;

    private const string LogChoice = """
        insert into address_choice_log (org, version, cleared, address, logical_name, id, chosen_by, chosen_on, why)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    /// <inheritdoc/>
    public Task<RecordAnswer> ChooseRecordAsync(
        string organization, RecordChoice choice, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return writer.EditAsync(
            session =>
            {
                var (org, address) = (names.Ensure(session, organization), choice.Address);
                var life = choice.Record is { } asked ? ReadLife(session, org, asked) : null;
                var standing = session.Query(Chosen, row => row.Record(0), org, address).FirstOrDefault();
                var (changes, problem) = RecordChoices.Decide(choice, life, standing);
                if (!changes)
                {
                    return new RecordAnswer(ReadVersion(session, org), IsChanged: false, problem);
                }

                var now = time.GetUtcNow();
                var version = DirectoryChanges.Note(session, org, [address.Value], now);
                session.Execute(DropChoice, org, address);
                session.Execute(ClearChoice, org, address);
                if (standing is { } before)
                {
                    Log(before, isCleared: true);
                }

                if (choice.Record is { } record)
                {
                    session.Execute(Choose, org, address, record.LogicalName, record.Id);
                    Log(record, isCleared: false);
                }

                return new RecordAnswer(version, IsChanged: true, null);

                void Log(RecordReference one, bool isCleared) => session.Execute(
                    LogChoice, org, version, isCleared, address, one.LogicalName, one.Id, choice.By, now, choice.Why);
            },
            cancellationToken);
    }

    private const string ChoiceOf = """
        select l.address, l.logical_name, l.id, l.chosen_by, l.chosen_on, l.why, l.cleared
        from record_address a
        cross join record r on r.org = a.org and r.logical_name = a.logical_name and r.id = a.id and r.deleted_on is null
        cross join address_choice_log l on l.org = a.org and l.address = a.address and l.logical_name = a.logical_name and l.id = a.id
            and not l.cleared
        where a.org = $1 and a.address = $2 and a.is_chosen
        order by l.version desc limit 1
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<AddressChoice>> ReadChoicesAsync(
        string organization, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session =>
        {
            var org = names.Read(session, organization);
            return addresses.Distinct().SelectMany(address => session.Query(ChoiceOf, Choice, org, address)).ToImmutableArray();
        },
        cancellationToken);

    private const string Candidates = """
        select r.logical_name, r.id, r.is_active, r.owner_id, r.created_on, r.name, a.address, a.is_chosen
        from record_address a
        cross join record r on r.org = a.org and r.logical_name = a.logical_name and r.id = a.id and r.deleted_on is null
        where a.org = $1 and a.address = $2
        order by a.is_chosen desc, r.is_active desc, r.logical_name, r.id limit $3
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<AddressCandidate>> ReadCandidatesAsync(
        string organization, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session =>
        {
            var org = names.Read(session, organization);
            return addresses.Distinct()
                .SelectMany(address => session.Query(Candidates, Candidate, org, address, Parties.MatchesMax))
                .ToImmutableArray();
        },
        cancellationToken);

    private const string LookedUntil = """
        select a.address from record_address a where a.org = $1 and a.address > $2 order by a.address limit 1 offset $3
        """;

    private const string Shared = """
        select a.address, count(*)
        from record_address a
        cross join record r on r.org = a.org and r.logical_name = a.logical_name and r.id = a.id and r.deleted_on is null and r.is_active
        where a.org = $1 and a.address >= $2 and ($3 is null or a.address < $3)
        group by a.address having count(*) > 1 and max(a.is_chosen) = 0
        order by a.address limit $4
        """;

    /// <inheritdoc/>
    public Task<SharedAddresses> ReadSharedAddressesAsync(
        string organization, EmailAddress? from, int countMax, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session =>
        {
            var (org, start) = (names.Read(session, organization), from?.Value ?? "");
            countMax = Math.Clamp(countMax, 1, SharedAddresses.PageMax);
            var until = session.Query(LookedUntil, row => row.Address(0), org, start, SharedAddresses.LookedAtMax).Cast<EmailAddress?>().FirstOrDefault();
            return SharedAddresses.Of(
                session.Query(Shared, row => new SharedAddress(row.Address(0), row.GetInt32(1)), org, start, until, countMax + 1), countMax, until);
        },
        cancellationToken);

    private const string ChoiceLog = """
        select l.address, l.logical_name, l.id, l.chosen_by, l.chosen_on, l.why, l.cleared
        from address_choice_log l where l.org = $1 and l.logical_name = $2 and l.id = $3
        order by l.version desc limit $4
        """;

    /// <inheritdoc/>
    public Task<ImmutableArray<AddressChoice>> ReadChoiceLogAsync(
        string organization, RecordReference record, int countMax, CancellationToken cancellationToken = default) => readers.ReadAsync(
        session => session
            .Query(ChoiceLog, Choice, names.Read(session, organization), record.LogicalName, record.Id, countMax)
            .ToImmutableArray(),
        cancellationToken);

    private static AddressCandidate Candidate(SqliteDataReader row) =>
        new(row.Address(6), row.RecordFacts(0) with { IsChosen = row.Flag(7) }, row.GetString(5));

    private static AddressChoice Choice(SqliteDataReader row) => new(
        row.Address(0), row.Record(1)!.Value, row.GetString(3), row.Time(4), row.Text(5), row.Flag(6));
}
