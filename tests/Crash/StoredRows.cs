using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace EmailTracking.Tests.Crash;

/// <summary>What no query of the product shows, read from the tables themselves.</summary>
internal sealed class StoredRows(DbConnection connection) : IAsyncDisposable
{
    private const int Sender = 1;
    private static readonly TimeSpan LinkMax = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LinkPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Every sender became one contact, however many of his mails raced, and all his mails are linked to it.</summary>
    /// <remarks>Mail that was decided while its sender's contact was made is linked in the background, which tells nobody: it is asked.</remarks>
    public async Task CheckSendersAsync(IReadOnlyCollection<string> senders)
    {
        await connection.OpenAsync();
        using var patience = new CancellationTokenSource(LinkMax);
        while (await CountAsync($"select count(*) from activity_party where participation = {Sender} and record_id is null") > 0)
        {
            await Task.Delay(LinkPause, patience.Token);
        }

        Assert.Equal(senders.Order(StringComparer.Ordinal), await ReadAsync("select address from record_address"));
        Assert.Equal(senders.Count, await CountAsync("select count(*) from record"));
        Assert.Equal(0, await CountAsync($"""
            select count(*) from activity_party p
            join record_address a on a.id = p.record_id
            where p.participation = {Sender} and a.address <> p.address
            """));
    }

    /// <summary>No part of an upload is left, and an embedded database is whole.</summary>
    public async Task CheckStagedPartsAsync()
    {
        await connection.OpenAsync();
        Assert.Equal(0, await CountAsync("select count(*) from content_part"));
        if (connection is SqliteConnection)
        {
            Assert.Equal(["ok"], await ReadAsync("pragma integrity_check"));
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<long> CountAsync(string query)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<List<string>> ReadAsync(string query)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        await using var reader = await command.ExecuteReaderAsync();
        var read = new List<string>();
        while (await reader.ReadAsync())
        {
            read.Add(reader.GetString(0));
        }

        read.Sort(StringComparer.Ordinal);
        return read;
    }
}
