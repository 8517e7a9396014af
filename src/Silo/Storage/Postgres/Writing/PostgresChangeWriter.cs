using EmailTracking.Tracking.Deciding;
using Npgsql;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>Writes a batch of changes: some twenty statements, one round trip, one transaction, one flush.</summary>
internal sealed class PostgresChangeWriter(
    PostgresSources sources, PostgresNames names, CommitMetrics metrics, TimeProvider time) : IChangeWriter
{
    private readonly IdBlocks _conversationIds = new("conversation_block");
    private readonly IdBlocks _emailIds = new("email_block");

    /// <inheritdoc/>
    public async Task<int[]> WriteAsync(IReadOnlyList<PendingChange> changes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await OpenAsync(cancellationToken);
        var rows = await RowsAsync(connection, changes, cancellationToken);

        // Always in this order, so that of two writers one is first everywhere.
        await using var batch = new NpgsqlBatch(connection);
        ConversationStatements.Append(batch, rows.Conversations);
        EmailStatements.Append(batch, rows.Emails, now);
        ErasureStatements.AppendEmails(batch, rows.Emails);
        KeyStatements.Append(batch, rows.Keys, rows.Contested);
        ClaimStatements.Append(batch, rows.Emails);
        PartyStatements.Append(batch, rows.Emails);
        CreatedRecordStatements.Append(batch, rows.Created, now);
        QueueStatements.Append(batch, rows.QueueItems, now);
        ActStatements.Append(batch, rows.Acts, [.. rows.Unknown.Select(row => (row.Org, row.Key))], now);
        ActStatements.AppendFence(batch, rows.Emails, rows.Keys);
        SightingStatements.Append(batch, rows.Decisions, row => changes[row.Change].Change.SettingsVersion, now);
        HeardStatements.Append(batch, rows.Decisions);
        HeardStatements.AppendWaking(batch, rows.Keys, now);
        ActStatements.AppendAgain(batch, rows.Again, now);
        ErasureStatements.AppendCopies(batch, rows.Erased);
        EventStatements.Append(batch, rows.Events, rows.Decisions, now);
        ListingStatements.Append(batch, rows.Emails, rows.Decisions, rows.QueueItems);

        // Last: whoever writes records waits for the organization's row, and holds nothing that a writer of mail waits for.
        DirectoryStatements.Append(batch, rows.Records, rows.Touched, now);
        metrics.Statements(batch.BatchCommands.Count);

        // From here on it is not stopped: half a wait tells nothing.
        return await ExecuteAsync(batch, changes.Count);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<int>> FindOutdatedAsync(IReadOnlyList<PendingChange> changes, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        var rows = await RowsAsync(connection, changes, cancellationToken);
        return await OutdatedChanges.FindAsync(connection, rows, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task BuryAsync(PendingChange change, string problem, CancellationToken cancellationToken)
    {
        try
        {
            var org = await names.OrganizationAsync(change.Change.Organization, cancellationToken);
            await DeadLetters.WriteAsync(
                sources.Edits,
                org,
                [.. change.Change.Decisions.Select(decision => new EmailTracking.Storage.DeadLetter(
                    decision.Sighting.Place,
                    DeadLetters.CommitStep,
                    ReasonCode.Poison,
                    problem,
                    decision.Sighting.ContentHash,
                    time.GetUtcNow())
                {
                    ReceivedOn = decision.Sighting.ReceivedOn,
                    IsBackfill = decision.Sighting.IsBackfill,
                })],
                cancellationToken);
        }
        catch (Exception exception) when (PostgresFailures.IsPassing(exception))
        {
            // Written twice is written once, so nothing is unknown here.
            throw new UnreachableServerException(exception);
        }
    }

    /// <inheritdoc/>
    public WriteFailure Classify(Exception exception) => PostgresFailures.Classify(exception);

    private static async Task<int[]> ExecuteAsync(NpgsqlBatch batch, int count)
    {
        var woken = new int[count];
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        do
        {
            // Only what puts sightings into the outbox hands out two columns; the others raise an error or say nothing.
            while (await reader.ReadAsync() && reader.FieldCount == 2)
            {
                woken[reader.GetInt32(0)] += reader.GetInt32(1);
            }
        }
        while (await reader.NextResultAsync());

        return woken;
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await sources.Writes.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception exception) when (PostgresFailures.IsPassing(exception))
        {
            throw new UnreachableServerException(exception);
        }
    }

    // What is read on the way changes nothing: a failure here leaves nothing unknown.
    private async Task<BatchRows> RowsAsync(
        NpgsqlConnection connection, IReadOnlyList<PendingChange> changes, CancellationToken cancellationToken)
    {
        try
        {
            var orgs = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var group in changes.GroupBy(change => change.Change.Organization))
            {
                orgs[group.Key] = await names.OrganizationAsync(group.Key, cancellationToken);
                await names.LearnAsync(
                    orgs[group.Key],
                    group.SelectMany(change => change.Change.Decisions.Select(decision => decision.Sighting.Place.Mailbox)),
                    cancellationToken);
            }

            await _conversationIds.FillAsync(
                connection, changes.Sum(change => change.Change.Conversations.Length), cancellationToken);
            await _emailIds.FillAsync(connection, changes.Sum(change => change.Change.Emails.Length), cancellationToken);
            return BatchRows.Of(changes, name => orgs[name], names.Mailbox, _conversationIds.Take, _emailIds.Take);
        }
        catch (Exception exception) when (PostgresFailures.IsPassing(exception))
        {
            throw new UnreachableServerException(exception);
        }
    }
}
