using System.Text;
using System.Text.Json.Nodes;
using EmailTracking.Client;
using EmailTracking.Client.Importing;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tracking.Deciding;
using Spectre.Console;

namespace EmailTracking.Tests.Browser;

/// <summary>A silo with the sample organization and its mail, for tests that look at its pages.</summary>
public sealed class PagesSilo : IAsyncLifetime
{
    public const string Name = "pages";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("emailtracking-pages-");
    private SiloProcess _silo = null!;

    public Uri Address { get; private set; } = null!;

    public EmailTrackingClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Chromium.Path is null)
        {
            return;
        }

        var port = SiloProcess.FreePort();
        _silo = await SiloProcess.StartAsync("--data", _data.FullName, "--web-port", $"{port}");
        Address = new Uri($"http://127.0.0.1:{port}/");
        Client = await EmailTrackingClient.ConnectAsync(new EmailTrackingClientOptions { Gateways = [_silo.Gateway] });
        await OrganizationFolder.ImportAsync(
            Client, Samples(), AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }));
    }

    /// <summary>Opens a page.</summary>
    /// <param name="path">Its path, below the root.</param>
    public Task<OpenPage> OpenAsync(string path = "") => Chromium.OpenAsync(new Uri(Address, path));

    /// <summary>Brings mail to a mailbox that takes all; numbered from 1, an hour apart.</summary>
    /// <param name="mailbox">Its address.</param>
    /// <param name="subject">What the subjects begin with.</param>
    /// <param name="first">The first number.</param>
    /// <param name="count">How many.</param>
    public async Task DeliverAsync(string mailbox, string subject, int first, int count)
    {
        await Client.EnsureMailboxAsync(new MailboxFacts(TrackingCluster.Address(mailbox), null, IsQueue: true, FilterMethod.All, []));
        foreach (var number in Enumerable.Range(first, count))
        {
            var sent = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero).AddHours(number);
            await Client.DeliverAsync(mailbox, "Inbox", new MemoryStream(Encoding.UTF8.GetBytes(
                $"From: zoe@northwind.example\r\nTo: {mailbox}\r\nSubject: {subject} {number}\r\nDate: {sent:R}\r\n" +
                $"Message-ID: <{Guid.NewGuid():N}@northwind.example>\r\n\r\nText.\r\n")));
        }
    }

    /// <summary>The opportunity of the sample organization that is about desks.</summary>
    public async Task<Guid> DesksAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        var found = JsonNode.Parse(await client.GetStringAsync(new Uri("api/tracking/emails?search=desks&hasregarding=true&top=1", UriKind.Relative)))!;
        return Guid.Parse((string)found["value"]![0]!["activity"]!["regardingobjectid"]!);
    }

    public async Task DisposeAsync()
    {
        if (Client is not null)
        {
            await Client.DisposeAsync();
            await _silo.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }

    private static string Samples()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "EmailTracking.sln")))
        {
            root = root.Parent;
        }

        return Path.Combine(root.FullName, "samples", "contoso");
    }
}

/// <summary>One silo for all tests that look at its pages.</summary>
[CollectionDefinition(PagesSilo.Name)]
public sealed class PagesSiloTests : ICollectionFixture<PagesSilo>;
