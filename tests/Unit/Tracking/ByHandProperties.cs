using System.Collections.Immutable;
using CsCheck;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>What people do by hand, among mail that arrives: the same facts in any order, and acts that are taken back.</summary>
public sealed class ByHandProperties
{
    private static readonly int Iterations = Environment.GetEnvironmentVariable("EMAILTRACKING_FULL") == "1" ? 10_000 : 500;

    private static readonly string[] People = ["ana@contoso.com", "bo@fabrikam.com", "cy@fabrikam.com", "di@gmail.com", "flo@tailspin.com"];

    private static readonly string[] MailboxNames = ["ana@contoso.com", "sales@contoso.com"];

    private static readonly Gen<string> GenId = Gen.Int[0, 6].Select(id => "m" + id);

    private static readonly Gen<SimMail> GenMail =
        from sender in Gen.OneOfConst(People)
        from to in Gen.OneOfConst(People).Array[0, 2]
        from answers in GenId.Array[0, 1]
        from references in GenId.Array[0, 3]
        from day in Gen.Int[0, 9]
        select new SimMail("", sender, [.. to.Distinct()], [.. answers], [.. references.Distinct()], day);

    private static readonly Gen<ImmutableArray<SimSighting>> GenSightings =
        from mails in GenMail.Array[1, 7]
        from first in Gen.OneOfConst(MailboxNames).Array[mails.Length]
        from more in Gen.Select(Gen.Int[0, mails.Length - 1], Gen.OneOfConst(MailboxNames)).Array[0, 3]
        select mails.Select((mail, i) => new SimSighting(mail with { Id = "m" + i }, first[i], "Inbox"))
            .Concat(more.Select(one => new SimSighting(mails[one.Item1] with { Id = "m" + one.Item1 }, one.Item2, "Inbox")))
            .DistinctBy(sighting => sighting.ToString())
            .ToImmutableArray();

    private static readonly Gen<SimWorld> GenWorld = Gen.OneOfConst(FilterMethod.All, FilterMethod.All, FilterMethod.Replies, FilterMethod.None)
        .Array[MailboxNames.Length]
        .Select(filters => new SimWorld([.. MailboxNames.Select((name, i) => new MailboxFacts(
            SimMail.Address(name), null, name.StartsWith("sales", StringComparison.Ordinal), filters[i], []))])
        {
            Directory = ImmutableDictionary<EmailAddress, ImmutableArray<RecordFacts>>.Empty
                .Add(SimMail.Address("ana@contoso.com"), [Known.Record(Tables.SystemUser, 1)]),

            // A contact that was made is there, whatever is learned later.
            Settings = new TrackingSettings { Parties = new PartySettings { CreatesForTracked = false } },
        });

    private static Gen<Doing> GenDoing(params ActKind[] kinds) =>
        from kind in Gen.OneOfConst(kinds)
        from mail in Gen.Int[0, 6]
        from other in Gen.Int[0, 6]
        from minute in Gen.Int[0, 10]
        from only in Gen.Bool
        select new Doing(kind, mail, other, minute, only);

    private static readonly Gen<Doing[]> GenWords = GenDoing(ActKind.Track, ActKind.Untrack, ActKind.Stop, ActKind.Resume, ActKind.Regarding)
        .Array[1, 5]
        .Select(acts => acts.Select((act, i) => act with { Number = i + 1 }).ToArray());

    [Fact]
    public void Words_with_their_times_give_the_same_in_whatever_order_they_are_learned() =>
        Gen.Select(GenWorld, GenSightings, GenWords)
            .SelectMany((world, sightings, words) => Gen.Select(
                Gen.Const(world), Gen.Const(sightings), Gen.Const(words), GenOrder(sightings.Length + words.Length), GenOrder(sightings.Length + words.Length)))
            .Sample(
                (world, sightings, words, one, other) => Assert.Equal(
                    Shown(Run(world, sightings, words, one)), Shown(Run(world, sightings, words, other))),
                iter: Iterations,
                print: t => Print(t.Item1, t.Item2) + '\n' + string.Join('\n', t.Item3) + "\n" + string.Join(',', t.Item4) + "\n" + string.Join(',', t.Item5));

    private static Gen<int[]> GenOrder(int count) => Gen.Shuffle(Enumerable.Range(0, count).ToArray());

    // Sightings and acts in one order. An act on mail that nobody has shown yet, or that must be tracked first, is done as soon as it can be.
    private static ModelCluster Run(SimWorld world, ImmutableArray<SimSighting> sightings, Doing[] words, int[] order)
    {
        var cluster = new ModelCluster(world);
        var early = new List<ActRequest>();
        foreach (var step in order)
        {
            if (step < sightings.Length)
            {
                cluster.Deliver(sightings[step].Sighting());
                cluster.Drain();
            }
            else
            {
                early.Add(words[step - sightings.Length].Request(sightings));
            }

            bool done;
            do
            {
                done = early.RemoveAll(request => IsPossible(cluster, request) && Does(cluster, request)) > 0;
            }
            while (done);
        }

        return cluster;
    }

    private static bool Does(ModelCluster cluster, ActRequest request)
    {
        Assert.Null(cluster.Do(request));
        cluster.Drain();
        return true;
    }

    private static bool IsPossible(ModelCluster cluster, ActRequest request) => request.Kind is ActKind.Stop or ActKind.Resume
        ? request.Emails.All(cluster.Store.Emails.ContainsKey)
        : request.Emails.All(email => cluster.Store.Decisions.Values.Any(one => one.Decision.Email == email));

    // Which mailbox said what of a mail that a person tracked hangs on when the word was learned; what became of the mail does not.
    private static string Shown(ModelCluster cluster) =>
        string.Join('\n', cluster.Report().Split('\n').Where(line => !line.StartsWith("SightingPlace", StringComparison.Ordinal)));

    [Fact]
    public void Merges_and_splits_that_are_taken_back_leave_everybody_where_they_were() =>
        Gen.Select(GenWorld, GenSightings, GenDoing(ActKind.Merge, ActKind.Split).Array[1, 10], Gen.Int[0, 100].Array[1, 60]).Sample(
            (world, sightings, acts, choices) =>
            {
                var cluster = new ModelCluster(world);
                var store = cluster.Store;
                var undoable = new Stack<(Act Act, Dictionary<MessageKey, Guid> Before)>();
                var arrived = 0;
                for (var step = 0; step < choices.Length; step++)
                {
                    switch (choices[step] % 4)
                    {
                        case 0 when arrived < sightings.Length:
                            cluster.Deliver(sightings[arrived++].Sighting());
                            cluster.Drain();
                            break;
                        case 1 when undoable.TryPop(out var last):
                            Undo(cluster, last.Act, last.Before, step);
                            break;
                        default:
                            var request = (acts[step % acts.Length] with { Number = step + 1 }).Request(sightings);
                            var before = Places(store);
                            if (request.Emails.All(store.Emails.ContainsKey) && cluster.Do(request) is null)
                            {
                                undoable.Push((store.Acts[^1], before));
                                CheckSides(store, store.Acts[^1]);
                            }

                            break;
                    }
                }
            },
            iter: Iterations,
            print: t => Print(t.Item1, t.Item2) + '\n' + string.Join('\n', t.Item3) + '\n' + string.Join(',', t.Item4));

    private static Dictionary<MessageKey, Guid> Places(ModelStore store) =>
        store.Emails.ToDictionary(email => email.Key, email => email.Value.State.ConversationId);

    private static void Undo(ModelCluster cluster, Act act, Dictionary<MessageKey, Guid> before, int step)
    {
        var store = cluster.Store;
        Assert.Null(cluster.Do(new ActRequest
        {
            Id = Id(1000 + step), Kind = ActKind.Undo, By = "ana", On = SimMail.Minute(step), Undone = act,
        }));
        var meant = act.Emails.ToArray();
        foreach (var one in meant)
        {
            foreach (var other in meant)
            {
                Assert.Equal(
                    before[one] == before[other],
                    store.Emails[one].State.ConversationId == store.Emails[other].State.ConversationId);
            }
        }
    }

    private static void CheckSides(ModelStore store, Act act)
    {
        var sides = act.Sides.Select(side => side.Select(email => store.Emails[email].State.ConversationId).Distinct().ToArray()).ToArray();
        if (act.Kind == ActKind.Merge)
        {
            Assert.Single(sides.SelectMany(side => side).Distinct());
        }
        else
        {
            Assert.NotEqual(Assert.Single(sides[0]), Assert.Single(sides[1]));
        }
    }

    private static Guid Id(int number) => new(number, 7, 7, new byte[8]);

    private static string Print(SimWorld world, ImmutableArray<SimSighting> sightings) =>
        string.Join(' ', world.Mailboxes.Select(mailbox => $"{mailbox.Address}={mailbox.Filter}")) + '\n' + string.Join('\n', sightings);

    /// <summary>An act of the simulation, in numbers.</summary>
    private sealed record Doing(ActKind Kind, int Mail, int Other, int Minute, bool Only)
    {
        public int Number { get; init; }

        public ActRequest Request(ImmutableArray<SimSighting> sightings) => new()
        {
            Id = Id(Number),
            Kind = Kind,
            By = "ana",
            On = SimMail.Minute(Minute).AddSeconds(Number),
            Emails = Kind == ActKind.Merge ? [Key(sightings, Mail), Key(sightings, Other)] : [Key(sightings, Mail)],
            Record = Kind == ActKind.Regarding ? Known.Reference("opportunity", Other) : null,
            ForTheseOnly = Only,
        };

        private static MessageKey Key(ImmutableArray<SimSighting> sightings, int mail) =>
            sightings[mail % sightings.Length].Mail.Facts().Thread.Key;
    }
}
