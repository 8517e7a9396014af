using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using EmailTracking.Access;
using EmailTracking.Acts;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Tests.Api;

/// <summary>A word of a private body reaches nobody else: no answer, no log, no metric, no trace.</summary>
[Collection(ApiSiloTests.Name)]
public sealed partial class CanaryTests(ApiSilo silo)
{
    private const string Canary = "nightjarcanary";
    private const string Mailbox = "fay@contoso.com";
    private const string Tracked = "tracked-canary@adatum.com";
    private const string LeftOut = "left-out-canary@adatum.com";

    private static readonly Guid Fay = new(31, 0, 0, new byte[8]);
    private static readonly RecordReference Deal = new(Tables.Opportunity, new Guid(32, 0, 0, new byte[8]));

    [Fact]
    public async Task What_a_private_body_says_is_told_to_nobody_else_anywhere()
    {
        using var overheard = new Overheard();
        silo.Loggers.AddProvider(overheard);
        await DeliverAsync();
        var activity = (await silo.Client.ExplainAsync(Tracked))!.Email.Activity!;
        using var fay = await silo.AsAsync(Role.Reader, Fay);
        Assert.Contains(Canary, await fay.GetStringAsync(Asking.Path($"/api/tracking/emails/{Tracked}/raw")), StringComparison.Ordinal);

        var asked = 0;
        foreach (var role in Enum.GetValues<Role>().Where(role => role is Role.Reader or Role.User or Role.Operator))
        {
            using var other = await silo.AsAsync(role, ApiSilo.Ana);
            foreach (var path in Paths().Where(path => path != "/api/tracking/events"))
            {
                foreach (var name in new[] { Tracked, LeftOut, activity.ActivityId.ToString() })
                {
                    using var answer = await other.GetAsync(Asking.Path(Filled(path, name, activity)));
                    var text = await answer.Content.ReadAsStringAsync();
                    Assert.False(text.Contains(Canary, StringComparison.OrdinalIgnoreCase), $"{role} {path}: {text}");
                    Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
                    asked++;
                }
            }
        }

        Assert.True(asked > 100, $"Asked {asked.ToString(CultureInfo.InvariantCulture)} times.");
        overheard.AssertNot(Canary);
    }

    // One tracked by hand, one left out, one that is no mail, and one that has no end: each goes another way through the silo.
    private async Task DeliverAsync()
    {
        await silo.Client.SaveRecordsAsync([new CrmRecord(new RecordFacts(Deal, true, Fay, DateTimeOffset.UnixEpoch), "Private", [])]);
        await silo.Client.EnsureMailboxAsync(new MailboxFacts(
            ApiSilo.Mail(Mailbox), new RecordReference(Tables.SystemUser, Fay), false, FilterMethod.Replies, []));
        foreach (var raw in new[]
        {
            Mail(Tracked), Mail(LeftOut), $"{Canary} {Canary}\r\n{Canary}", $"From: =?x-unknown?Q?{Canary}?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{Canary}",
        })
        {
            await silo.Client.DeliverAsync(Mailbox, "Inbox", new MemoryStream(Encoding.UTF8.GetBytes(raw)));
        }

        Assert.Null((await silo.Client.ActAsync(new ActCall { Id = Guid.NewGuid(), Kind = ActKind.Track, By = "fay", Names = [Tracked], Record = Deal })).Problem);

        // What is tracked by hand and not kept is taken when it is offered next.
        await silo.Client.DeliverAsync(Mailbox, "Inbox", new MemoryStream(Encoding.UTF8.GetBytes(Mail(Tracked))));
    }

    private static string Mail(string id) =>
        $"""
        From: zoe@adatum.com
        To: {Mailbox}
        Subject: A private matter
        Date: Mon, 2 Mar 2026 09:00:00 +0000
        Message-ID: <{id}>
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/html

        <p>{Canary}</p>
        --b
        Content-Type: text/plain; name={Canary}.txt
        Content-Disposition: attachment; filename={Canary}.txt

        {Canary}
        --b--

        """.ReplaceLineEndings("\r\n");

    // All that can be read, pages too.
    private IEnumerable<string> Paths() =>
        from endpoint in silo.Server.Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<AccessRule>() is not { Target: AccessTarget.Open or AccessTarget.Themselves }
        where endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") != false
        select "/" + endpoint.RoutePattern.RawText!.Trim('/');

    private static string Filled(string path, string name, ActivityRow activity) => Hole().Replace(path, hole => hole.Groups[1].Value.ToLowerInvariant() switch
    {
        "address" => Mailbox,
        "table" or "entity" => Deal.LogicalName,
        "id" when path.Contains("emails(", StringComparison.Ordinal) => activity.ActivityId.ToString(),
        "id" when path.Contains("records", StringComparison.Ordinal) => Deal.Id.ToString(),
        "id" or "conversation" => activity.State.ConversationId.ToString(),
        "number" => "0",
        _ => name,
    });

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}")]
    private static partial Regex Hole();

    /// <summary>All that is logged, measured and traced in this process while it is there.</summary>
    [ProviderAlias("Overheard")]
    private sealed class Overheard : ILoggerProvider, ILogger
    {
        private volatile bool _isOver;
        private readonly ConcurrentQueue<string> _said = new();
        private readonly MeterListener _meters = new();
        private readonly ActivityListener _activities;

        public Overheard()
        {
            _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
            _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Measured(instrument, tags));
            _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Measured(instrument, tags));
            _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Measured(instrument, tags));
            _meters.Start();
            _activities = new ActivityListener
            {
                ShouldListenTo = _ => true,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = traced => _said.Enqueue(
                    $"trace {traced.DisplayName} {traced.StatusDescription} {Words(traced.TagObjects)} {Words(traced.Baggage.Select(one => KeyValuePair.Create(one.Key, (object?)one.Value)))} " +
                    string.Join(' ', traced.Events.Select(happened => $"{happened.Name} {Words(happened.Tags)}"))),
            };
            ActivitySource.AddActivityListener(_activities);
        }

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => !_isOver;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            _said.Enqueue($"log scope {state}");
            return null;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _said.Enqueue($"log {formatter(state, exception)} {exception}");

        public void AssertNot(string word)
        {
            foreach (var kind in new[] { "log", "metric", "trace" })
            {
                Assert.Contains(_said, said => said.StartsWith(kind, StringComparison.Ordinal));
            }

            Assert.DoesNotContain(_said, said => said.Contains(word, StringComparison.OrdinalIgnoreCase));
        }

        public void Dispose()
        {
            _isOver = true;
            _meters.Dispose();
            _activities.Dispose();
        }

        private void Measured(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _said.Enqueue($"metric {instrument.Name} {Words(tags.ToArray())}");

        private static string Words(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));
    }
}
