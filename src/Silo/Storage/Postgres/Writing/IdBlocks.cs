using Npgsql;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>Row numbers from a sequence, taken in blocks of 1,024: known before the rows are sent.</summary>
/// <param name="sequence">The sequence's name; it steps by the size of a block.</param>
internal sealed class IdBlocks(string sequence)
{
    private const int Size = 1_024;

    private readonly Queue<long> _ids = new();

    /// <summary>Makes sure that so many can be taken.</summary>
    public async Task FillAsync(NpgsqlConnection connection, int count, CancellationToken cancellationToken)
    {
        while (_ids.Count < count)
        {
            await using var command = new NpgsqlCommand($"select nextval('{sequence}')", connection);
            var first = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            for (var i = 0; i < Size; i++)
            {
                _ids.Enqueue(first + i);
            }
        }
    }

    /// <summary>Takes one.</summary>
    public long Take() => _ids.Dequeue();
}
