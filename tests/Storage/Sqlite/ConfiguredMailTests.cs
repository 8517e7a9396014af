using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Silo.Hosting;
using EmailTracking.Tests.Storage.Conformance;
using EmailTracking.Tracking.Deciding;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace EmailTracking.Tests.Storage.Sqlite;

/// <summary>Servers and mailboxes that the configuration names are there when the silo serves, and nothing else is changed.</summary>
public sealed class ConfiguredMailTests
{
    private const string Organization = GrainKeys.DefaultOrganization;

    private const string Office = """
        { "EmailTracking": { "Mail": {
          "Profiles": [ { "Name": "office", "Host": "imap.contoso.com", "Security": "StartTls", "PollMin": "00:01:00" } ],
          "Mailboxes": [
            { "Address": "Ana@contoso.com", "Profile": "office", "Secret": "env:ANA", "StartsOn": "2026-01-01", "ApprovedBy": "Ben" },
            { "Address": "help@contoso.com", "Profile": "office", "UserName": "help", "Secret": "file:/run/help", "IsQueue": true, "Filter": 0 }
          ] } } }
        """;

    private readonly SettableTime _time = new();

    [Fact]
    public async Task What_the_configuration_names_is_made_and_a_second_start_writes_nothing()
    {
        await using var database = new SqliteStoreDatabase();
        await using var silo = await database.OpenAsync(_time);
        await StartAsync(silo, Office);

        var profile = Assert.Single(await silo.Sync.ReadProfilesAsync(Organization));
        Assert.Equal((143, ConnectionSecurity.StartTls, TimeSpan.FromMinutes(1)), (profile.Port, profile.Security, profile.PollMin));
        var mailboxes = await silo.Directory.ReadMailboxesAsync(Organization);
        Assert.Equal([(FilterMethod.Replies, false), (FilterMethod.All, true)], mailboxes.Select(one => (one.Filter, one.IsQueue)));
        var connections = (await silo.Sync.ReadConnectionsAsync(Organization)).Select(one => one.Connection).ToList();
        Assert.Equal(
            [("ana@contoso.com", AccessApproval.Approved, true, new DateOnly(2026, 1, 1)), ("help", AccessApproval.Pending, false, Today)],
            connections.Select(one => (one.UserName, one.Approval, one.IsEnabled, one.StartsOn)));

        var before = await database.DigestAsync();
        await StartAsync(silo, Office);
        Assert.Equal(before, await database.DigestAsync());
    }

    [Fact]
    public async Task What_people_decided_stays_where_the_configuration_says_nothing_of_it()
    {
        await using var database = new SqliteStoreDatabase();
        await using var silo = await database.OpenAsync(_time);
        await StartAsync(silo, Office);
        var (ana, help) = (await ConnectionAsync(silo, "ana@contoso.com"), await ConnectionAsync(silo, "help@contoso.com"));
        await silo.Sync.SaveConnectionAsync(Organization, ana with { Approval = AccessApproval.Rejected, IsEnabled = false });
        await silo.Sync.SaveConnectionAsync(Organization, help with { Approval = AccessApproval.Approved, ApprovedBy = "Cleo", IsEnabled = true });

        await StartAsync(silo, Office.Replace("env:ANA", "env:OTHER", StringComparison.Ordinal));

        var rejected = await ConnectionAsync(silo, "ana@contoso.com");
        Assert.Equal((AccessApproval.Rejected, false, "env:OTHER"), (rejected.Approval, rejected.IsEnabled, rejected.Secret));
        Assert.Equal(help with { Approval = AccessApproval.Approved, ApprovedBy = "Cleo", IsEnabled = true }, await ConnectionAsync(silo, "help@contoso.com"));
    }

    [Theory]
    [InlineData("\"Host\": \"imap.contoso.com\"", "\"Host\": \"\"",          "Profiles:0 (office): A profile has a host name")]
    [InlineData("\"StartTls\"",                   "\"None\"",              "Profiles:0 (office): Without TLS")]
    [InlineData("\"PollMin\"",                    "\"Poll\"",              "Profiles:0 (office): ")]
    [InlineData("\"00:01:00\"",                   "\"soon\"",              "Profiles:0 (office): Failed to convert configuration value 'soon'")]
    [InlineData("env:ANA",                        "hunter2",               "Mailboxes:0 (Ana@contoso.com): A secret is never given itself")]
    [InlineData("help@contoso.com",               "help",                  "Mailboxes:1 (help): 'help' is no address")]
    [InlineData("help@contoso.com",               "ana@contoso.com",       "Mailboxes:1 (ana@contoso.com): 'ana@contoso.com' is there twice.")]
    [InlineData("\"Filter\": 0",                  "\"Filter\": 7",         "Mailboxes:1 (help@contoso.com): A filter is a number from 0 to 4.")]
    [InlineData("\"Mailboxes\"",                  "\"Mailbox\"",           "EmailTracking:Mail:Mailbox: there are only Profiles and Mailboxes here.")]
    public void A_wrong_entry_is_named_with_what_to_do(string right, string wrong, string problem)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read(Office.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(problem, Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.Contains("Correct it and start the silo again", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_of_a_profile_that_there_is_not_stops_the_start_and_nothing_is_written()
    {
        await using var database = new SqliteStoreDatabase();
        await using var silo = await database.OpenAsync(_time);
        var text = Office.Replace("\"Name\": \"office\"", "\"Name\": \"other\"", StringComparison.Ordinal);

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(silo, text));

        Assert.Equal(2, failure.Failures.Count());
        Assert.Contains("Mailboxes (Ana@contoso.com): there is no profile 'office'.", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await silo.Sync.ReadProfilesAsync(Organization));
    }

    private DateOnly Today => DateOnly.FromDateTime(_time.Now.UtcDateTime);

    private static async Task<MailboxConnection> ConnectionAsync(StoreUnderTest silo, string mailbox) =>
        (await silo.Sync.ReadConnectionAsync(Organization, Letter.Address(mailbox)))!.Value.Connection;

    private Task StartAsync(StoreUnderTest silo, string text) =>
        new ConfiguredMail(Read(text), silo.Sync, silo.Directory, _time).StartAsync(CancellationToken.None);

    private static MailPlan Read(string text) => MailPlan.Read(
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text))).Build());
}
