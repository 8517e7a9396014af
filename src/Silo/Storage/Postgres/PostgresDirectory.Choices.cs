using System.Collections.Immutable;
using EmailTracking.Silo.Storage.Postgres.Writing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using Npgsql;
using NpgsqlTypes;
using static EmailTracking.Silo.Storage.Postgres.Statements;

namespace EmailTracking.Silo.Storage.Postgres;

/// <content>Records that people chose for addresses.</content>
internal sealed partial class PostgresDirectory
{
    private const string Chosen = "select logical_name, id from record_address where org = $1 and address = $2 and is_chosen";

    // Of a row that is there by the choice alone nothing is left.
    internal const string DropChoice = "delete from record_address where org = $1 and address = $2 and is_chosen and not is_own";

    internal const string ClearChoice = "update record_address set is_chosen = false where org = $1 and address = $2 and is_chosen";

    private const string Choose = """
        insert into record_address (org, address, logical_name, id, is_chosen, is_own) values ($1, $2, $3, $4, true, false)
        on conflict (address, org, logical_name, id) do update set is_chosen = true
        """;

    private const string LogChoice = """
        insert into address_choice_log (org, version, cleared, address, logical_name, id, chosen_by, chosen_on, why)
        select $1, o.directory_version, $3, $2, $4, $5, $6, $7, $8 from organization o where o.id = $1
        """;

    /// <inheritdoc/>
    public async Task<RecordAnswer> ChooseRecordAsync(
        string organization, RecordChoice choice, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var connection = await sources.Edits.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var version = await ScalarAsync(connection, Queue, org, cancellationToken);
        var lives = await ReadLivesAsync(connection, org, choice.Record is { } asked ? [asked] : [], cancellationToken);
        var standing = await ReadChosenAsync(connection, org, choice.Address, cancellationToken);
        var (changes, problem) = RecordChoices.Decide(choice, lives.FirstOrDefault(), standing);
        if (!changes)
        {
            return new RecordAnswer(version, IsChanged: false, problem);
        }

        var now = time.GetUtcNow();
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.Add(
            DirectoryStatements.Note,
            Value(org),
            Column([choice.Address], NpgsqlDbType.Text, address => address.Value),
            Value(now.UtcDateTime));
        batch.Add(DropChoice, Value(org), Value(choice.Address.Value));
        batch.Add(ClearChoice, Value(org), Value(choice.Address.Value));
        if (standing is { } before)
        {
            Log(before, isCleared: true);
        }

        if (choice.Record is { } record)
        {
            batch.Add(Choose, Value(org), Value(choice.Address.Value), Value(record.LogicalName), Value(record.Id));
            Log(record, isCleared: false);
        }

        version = (long)(await batch.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return new RecordAnswer(version, IsChanged: true, null);

        void Log(RecordReference one, bool isCleared) => batch.Add(
            LogChoice,
            Value(org),
            Value(choice.Address.Value),
            Value(isCleared),
            Value(one.LogicalName),
            Value(one.Id),
            Value(choice.By),
            Value(now.UtcDateTime),
            Value(choice.Why, NpgsqlDbType.Text));
    }

    private const string ChoiceColumns = "l.address, l.logical_name, l.id, l.chosen_by, l.chosen_on, l.why, l.cleared";

    private const string Choices = $"""
        select {ChoiceColumns} from unnest($2::text[]) with ordinality as u(address, number)
        join record_address a on a.org = $1 and a.address = u.address and a.is_chosen
        join record r on r.org = $1 and r.logical_name = a.logical_name and r.id = a.id and r.deleted_on is null
        cross join lateral (
            select x.* from address_choice_log x where x.org = $1 and x.address = u.address and not x.cleared order by x.version desc limit 1
        ) l
        order by u.number
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<AddressChoice>> ReadChoicesAsync(
        string organization, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(
            Choices, Value(org), Column([.. addresses.Distinct()], NpgsqlDbType.Text, (EmailAddress address) => address.Value));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, Choice).ToListAsync(cancellationToken)];
    }

    private const string Candidates = """
        select r.logical_name, r.id, r.is_active, r.owner_id, r.created_on, r.name, u.address, c.is_chosen
        from unnest($2::text[]) with ordinality as u(address, number)
        cross join lateral (
            select a.logical_name, a.id, a.is_chosen from record_address a where a.org = $1 and a.address = u.address
            order by a.is_chosen desc, a.logical_name collate "C", a.id limit $3
        ) c
        join record r on r.org = $1 and r.logical_name = c.logical_name and r.id = c.id and r.deleted_on is null
        order by u.number, c.is_chosen desc, r.is_active desc, r.logical_name collate "C", r.id
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<AddressCandidate>> ReadCandidatesAsync(
        string organization, ImmutableArray<EmailAddress> addresses, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(
            Candidates,
            Value(org),
            Column([.. addresses.Distinct()], NpgsqlDbType.Text, (EmailAddress address) => address.Value),
            Value(Parties.MatchesMax));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, Candidate).ToListAsync(cancellationToken)];
    }

    private static AddressCandidate Candidate(NpgsqlDataReader row) => new(
        Rows.Address(row, 6)!.Value, Rows.RecordFacts(row, 0) with { IsChosen = row.GetBoolean(7) }, row.GetString(5));

    private const string LookedUntil = """
        select a.address from record_address a where a.org = $1 and a.address > $2 order by a.address limit 1 offset $3
        """;

    private const string Shared = """
        select a.address, count(*)::int
        from record_address a
        join record r on r.org = a.org and r.logical_name = a.logical_name and r.id = a.id and r.deleted_on is null and r.is_active
        where a.org = $1 and a.address >= $2 and ($3::text is null or a.address < $3)
        group by a.address having count(*) > 1 and not bool_or(a.is_chosen)
        order by a.address limit $4
        """;

    /// <inheritdoc/>
    public async Task<SharedAddresses> ReadSharedAddressesAsync(
        string organization, EmailAddress? from, int countMax, CancellationToken cancellationToken = default)
    {
        var (org, start) = (await names.OrganizationAsync(organization, cancellationToken), from?.Value ?? "");
        countMax = Math.Clamp(countMax, 1, SharedAddresses.PageMax);
        var until = (await AllAsync(LookedUntil, row => Rows.Address(row, 0), Value(org), Value(start), Value(SharedAddresses.LookedAtMax))).FirstOrDefault();
        var found = await AllAsync(
            Shared,
            row => new SharedAddress(Rows.Address(row, 0)!.Value, row.GetInt32(1)),
            Value(org),
            Value(start),
            Value(until?.Value, NpgsqlDbType.Text),
            Value(countMax + 1));
        return SharedAddresses.Of(found, countMax, until);

        async Task<List<T>> AllAsync<T>(string sql, Func<NpgsqlDataReader, T> row, params NpgsqlParameter[] parameters)
        {
            await using var command = sources.Edits.Command(sql, parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await Rows.AllAsync(reader, row).ToListAsync(cancellationToken);
        }
    }

    private const string ChoiceLog = $"""
        select {ChoiceColumns} from address_choice_log l where l.org = $1 and l.logical_name = $2 and l.id = $3
        order by l.version desc limit $4
        """;

    /// <inheritdoc/>
    public async Task<ImmutableArray<AddressChoice>> ReadChoiceLogAsync(
        string organization, RecordReference record, int countMax, CancellationToken cancellationToken = default)
    {
        var org = await names.OrganizationAsync(organization, cancellationToken);
        await using var command = sources.Edits.Command(
            ChoiceLog, Value(org), Value(record.LogicalName), Value(record.Id), Value(countMax));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await Rows.AllAsync(reader, Choice).ToListAsync(cancellationToken)];
    }

    private static async Task<RecordReference?> ReadChosenAsync(
        NpgsqlConnection connection, int org, EmailAddress address, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Chosen, Value(org), Value(address.Value));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Rows.Record(reader, 0) : null;
    }

    private static AddressChoice Choice(NpgsqlDataReader reader) => new(
        Rows.Address(reader, 0)!.Value,
        Rows.Record(reader, 1)!.Value,
        reader.GetString(3),
        Rows.Time(reader, 4),
        Rows.Text(reader, 5),
        reader.GetBoolean(6));
}
