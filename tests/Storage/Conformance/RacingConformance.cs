using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>Two silos, each with a writer, over one database.</summary>
public abstract class RacingConformance : StoreConformance
{
    private const int Pairs = 200;
    private const int Seed = 20260302;

    [Fact]
    public async Task However_often_and_wherever_it_is_seen_an_email_is_one_activity()
    {
        await using var other = await Database.OpenAsync(Time);
        StoreUnderTest[] silos = [Silo, other];
        Letter[] letters = [.. Enumerable.Range(0, 30).Select(i => new Letter($"m{i}@contoso.com")
        {
            Minute = i, Answers = i % 5 == 0 ? null : $"m{i - 1}@contoso.com",
        })];
        string[] mailboxes = [Ana, Bo];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(racer => Task.Run(async () =>
        {
            var sightings = letters.SelectMany(letter => mailboxes.Select(mailbox => letter.In(mailbox))).ToArray();
            new Random(Seed + racer).Shuffle(sightings);
            foreach (var sighting in sightings)
            {
                await silos[racer % 2].DeliverAsync(sighting);
            }
        })));

        var counts = await Silo.Queries.CountAsync(Organization);
        Assert.Equal(letters.Length, counts.Emails);
        Assert.Equal(letters.Length * mailboxes.Length, counts.Decisions[Outcome.Tracked]);
        foreach (var thread in letters.Chunk(5))
        {
            Assert.Single((await Task.WhenAll(thread.Select(letter => Silo.ConversationAsync(letter)))).Distinct());
        }
    }

    [Fact]
    public async Task A_parent_and_its_answer_at_once_are_always_linked()
    {
        await using var other = await Database.OpenAsync(Time);
        var pairs = Enumerable.Range(0, Pairs)
            .Select(i => (Parent: new Letter($"p{i}@contoso.com"), Reply: new Letter($"r{i}@fabrikam.com")
            {
                From = Bo, To = Ana, Answers = $"p{i}@contoso.com", Minute = 1,
            }))
            .ToArray();

        await Task.WhenAll(pairs.SelectMany(pair => new[]
        {
            Task.Run(() => Silo.DeliverAsync(pair.Parent.In(Ana))),
            Task.Run(() => other.DeliverAsync(pair.Reply.In(Bo))),
        }));

        var unlinked = 0;
        foreach (var (parent, reply) in pairs)
        {
            var (one, two) = ((await Silo.FindAsync(parent))!.Activity!, (await Silo.FindAsync(reply))!.Activity!);
            unlinked += two.ParentActivityId == one.ActivityId && two.State.ConversationId == one.State.ConversationId ? 0 : 1;
        }

        Assert.Equal(0, unlinked);
    }

    [Fact]
    public async Task A_place_is_decided_once()
    {
        await using var other = await Database.OpenAsync(Time);
        Sighting[] skipped = [.. Enumerable.Range(0, 100).Select(i => new Letter($"s{i}@contoso.com").In(Cleo))];

        await Task.WhenAll(skipped.SelectMany(sighting => new[]
        {
            Task.Run(() => Silo.DeliverAsync(sighting)),
            Task.Run(() => other.DeliverAsync(sighting)),
        }));

        Assert.Equal(skipped.Length, (await Silo.Queries.CountAsync(Organization)).Decisions[Outcome.Skipped]);
    }
}
