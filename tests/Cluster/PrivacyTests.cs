using System.Collections.Concurrent;
using System.Text;
using EmailTracking.Organizations;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EmailTracking.Tests.Cluster;

/// <summary>A word of a private mail is looked for wherever the product writes.</summary>
public sealed class PrivacyTests
{
    private const string Canary = "zanzibarine";

    [Theory]
    [InlineData("RequiredHeaders", "X-Label: crm", ReasonCode.RequiredHeaderMissing)]    // Only labelled mail may enter.
    [InlineData("ExcludedHeaders", "Sensitivity: Private", ReasonCode.ExcludedHeader)]
    [InlineData("NeverTrack", "shop.example", ReasonCode.NeverTracked)]
    public async Task Of_mail_that_is_kept_out_nothing_readable_stays(string setting, string value, ReasonCode reason)
    {
        var log = new RecordingLogs();
        await using var cluster = await TrackingCluster.StartAsync(
            2, services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)));
        await cluster.CreateMailboxAsync("ana@contoso.com");
        Assert.Null((await cluster.Client.SetSettingAsync(setting, value, new Author("Ana"))).Problem);

        var mail = $"""
            From: {Canary} <{Canary}@shop.example>
            To: ana@contoso.com
            Subject: About {Canary}
            Date: Mon, 02 Mar 2026 08:00:00 +0000
            Message-ID: <{Canary}@shop.example>
            Sensitivity: Private

            The word is {Canary}.
            """.ReplaceLineEndings("\r\n");
        var answer = await cluster.DeliverAsync("ana@contoso.com", mail);
        Assert.Equal((Outcome.Skipped, reason), (answer.Outcome, answer.Reason));
        var contents = cluster.Silos.Silos[0].ServiceProvider.GetRequiredService<IContentStore>();
        Assert.Equal(1, await contents.SweepAsync(GrainKeys.DefaultOrganization, DateTimeOffset.UtcNow.AddMinutes(11)));

        // The row says that a mail was left out, and why.
        var explanation = (await cluster.Client.ExplainAsync($"{Canary}@shop.example"))!;
        Assert.Equal(reason, explanation.Email.Reason);
        Assert.DoesNotContain(explanation.Sentences, sentence => sentence.Contains(Canary, StringComparison.OrdinalIgnoreCase));
        Assert.Empty(await cluster.Client.ListAsync(new EmailFilter { Subject = Canary }));
        Assert.DoesNotContain(log.Lines, line => line.Contains(Canary, StringComparison.OrdinalIgnoreCase));
        var dump = await DumpAsync(cluster.Database.ConnectionString);
        Assert.Contains("sighting", dump, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, dump, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Of_tracked_mail_the_logs_say_nothing_readable()
    {
        var log = new RecordingLogs();
        await using var cluster = await TrackingCluster.StartAsync(
            2, services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)));
        await cluster.CreateMailboxAsync("ana@contoso.com");
        await cluster.DeliverAsync(
            "ana@contoso.com", Mails.Mail("one@shop.example", $"{Canary}@shop.example", "ana@contoso.com", subject: Canary));
        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains(Canary, StringComparison.OrdinalIgnoreCase));
    }

    // All rows of all tables as text; bytes as hexadecimal digits and as the characters that they may be.
    private static async Task<string> DumpAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        var tables = new List<string>();
        await using (var command = source.CreateCommand("select tablename from pg_tables where schemaname = 'public'"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        var text = new StringBuilder();
        foreach (var table in tables)
        {
            await using var command = source.CreateCommand($"select * from \"{table}\"");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                text.Append(table);
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    text.Append(' ').Append(reader.GetValue(i) is byte[] bytes ? Encoding.Latin1.GetString(bytes) : reader.GetValue(i));
                }

                text.Append('\n');
            }
        }

        return text.ToString();
    }

    private sealed class RecordingLogs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
