using System.Globalization;
using System.Text.RegularExpressions;
using EmailTracking.Client;
using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;
using EmailTracking.Tests.Cluster;
using EmailTracking.Tests.Mailboxes.Figures;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Deciding;
using Xunit.Abstractions;

namespace EmailTracking.Tests.Mailboxes.Sync;

/// <summary>The built silo as its own process, which is killed while it reads a large mailbox for the first time.</summary>
[Collection(FigureRuns.Name)]
public sealed partial class KilledFirstReadTests(ITestOutputHelper output)
{
    private static readonly int Mails = FigureRuns.Or(full: 20_000, brief: 3_000);
    private static readonly int Kills = FigureRuns.Or(full: 12, brief: 2);

    [Fact]
    public async Task A_first_read_survives_SIGKILL_and_goes_on_where_it_was()
    {
        var seed = Random.Shared.Next();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}"));
        var random = new Random(seed);
        var server = await DovecotServer.GetAsync();
        var mailbox = server.CreateUser();

        // The silos get the variable with the password from this process.
        var login = mailbox.Login;
        await using var wire = new Wire(server.PlainPort);
        await FigureRuns.FillAsync(mailbox, Mails, "mail");
        var data = Directory.CreateTempSubdirectory();
        var begun = new List<uint>();
        for (var kill = 0; kill <= Kills; kill++)
        {
            // Of so many pages one is decided at least, and at most all but two.
            var life = new Life(kill < Kills ? random.Next(3, 6) : int.MaxValue);
            wire.BeforeEach = life.SeeAsync;
            await using (var silo = await SiloProcess.StartAsync("--data", data.FullName))
            {
                await using var client = await EmailTrackingClient.ConnectAsync(new EmailTrackingClientOptions { Gateways = [silo.Gateway] });
                if (kill == 0)
                {
                    await ConnectAsync(client, login, wire.Of(mailbox.Profile));
                }

                if (kill < Kills)
                {
                    await life.Reached.WaitAsync(TimeSpan.FromMinutes(2));
                }
                else
                {
                    Assert.Equal(MailboxState.Healthy, (await client.LookIntoMailboxAsync(login.Mailbox)).State);
                    var counts = await client.CountAsync();
                    Assert.Equal((Mails, Mails), (counts.Emails, counts.Decisions.Values.Sum()));
                }
            }

            // By now the silo has got SIGKILL.
            begun.Add(life.BeganAt);
            wire.Cut();
        }

        data.Delete(recursive: true);

        // Each life begins behind what the one before had written down: at least a page further.
        Assert.Equal(1u, begun[0]);
        Assert.All(begun.Zip(begun.Skip(1)), lives => Assert.True(lives.Second >= lives.First + new SyncOptions().PageMax, string.Join(' ', begun)));
    }

    private static async Task ConnectAsync(EmailTrackingClient client, MailboxLogin login, ServerProfile profile)
    {
        await client.EnsureMailboxAsync(new MailboxFacts(login.Mailbox, null, IsQueue: false, FilterMethod.All, []));
        Assert.Null(await client.SaveProfileAsync(profile));
        Assert.Null(await client.ConnectMailboxAsync(new MailboxConnection
        {
            Mailbox = login.Mailbox,
            Profile = profile.Name,
            UserName = login.UserName,
            Secret = login.Secret,
            StartsOn = new DateOnly(2000, 1, 1),
            Approval = AccessApproval.Approved,
            IsEnabled = true,
        }));
    }

    /// <summary>One life of the silo, as its server sees it: it ends with the question for a page, which is never answered.</summary>
    private sealed partial class Life(int pages)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;

        public Task Reached => _reached.Task;

        /// <summary>The number of the first message that was asked for.</summary>
        public uint BeganAt { get; private set; }

        public Task SeeAsync(string sent)
        {
            if (Search().Match(sent) is not { Success: true } search)
            {
                return Task.CompletedTask;
            }

            if (++_asked == 1)
            {
                BeganAt = uint.Parse(search.Groups["first"].Value, CultureInfo.InvariantCulture);
            }

            if (_asked < pages)
            {
                return Task.CompletedTask;
            }

            _reached.TrySetResult();
            return Task.Delay(Timeout.Infinite);
        }

        [GeneratedRegex(@"UID SEARCH .*\bUID (?<first>\d+)")]
        private static partial Regex Search();
    }
}
