using System.Collections.Immutable;
using CsCheck;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>The promises: once, order never matters, again changes nothing, nothing vanishes; over random small worlds.</summary>
public sealed class OrderProperties
{
    // Full: EMAILTRACKING_FULL=1.
    private static readonly int Iterations = Environment.GetEnvironmentVariable("EMAILTRACKING_FULL") == "1" ? 50_000 : 1_000;

    private static readonly string[] People =
        ["ana@contoso.com", "bo@fabrikam.com", "cy@fabrikam.com", "di@gmail.com", "ed@gmail.com", "flo@tailspin.com", "dev@lists.org"];

    private static readonly string[] MailboxNames = ["ana@contoso.com", "ben@contoso.com", "sales@contoso.com"];

    private static readonly Gen<string> GenPerson = Gen.OneOfConst(People);

    private static readonly Gen<string> GenId = Gen.Int[0, 8].Select(id => "m" + id);

    private static Gen<ImmutableArray<string>> Some(Gen<string> gen, int max) =>
        gen.Array[0, max].Select(array => array.Distinct().ToImmutableArray());

    private static readonly Gen<SimMail> GenMail =
        Gen.Select(GenPerson, Some(GenPerson, 3), Some(GenId, 2), Some(GenId, 3), Gen.Int[0, 5], Gen.Int[0, 9], Gen.Int[0, 9])
            .Select((from, to, answers, references, day, list, index) => new SimMail("", from, to, answers, references, day)
            {
                List = list == 0 ? "dev.lists.org" : null,
                Index = index < 3 ? $"{index % 2}/{day % 3}" : null,
            });

    private static readonly Gen<ImmutableArray<SimSighting>> GenSightings =
        from mails in GenMail.Array[1, 7]
        from places in Gen.Select(Gen.Int[0, mails.Length - 1], Gen.OneOfConst(MailboxNames), Gen.OneOfConst("Inbox", "Inbox", "Deals", "Sent Items"))
            .Array[0, 6]
        from first in Gen.OneOfConst(MailboxNames).Array[mails.Length]
        select mails.Select((mail, i) => new SimSighting(mail with { Id = "m" + i }, first[i], "Inbox"))
            .Concat(places.Select(place => new SimSighting(mails[place.Item1] with { Id = "m" + place.Item1 }, place.Item2, place.Item3)))
            .DistinctBy(sighting => sighting.ToString())
            .ToImmutableArray();

    // Lists and gateways change headers: further copies of the mails, each with other references or another list.
    private static readonly Gen<ImmutableArray<SimSighting>> GenWithCopies =
        from sightings in GenSightings
        from copies in Gen.Select(Gen.Int[0, sightings.Length - 1], GenMail, Gen.OneOfConst(MailboxNames)).Array[0, 3]
        select sightings
            .Concat(copies.Select(copy => new SimSighting(
                sightings[copy.Item1].Mail with
                {
                    References = copy.Item2.References, Answers = copy.Item2.Answers, List = copy.Item2.List, To = copy.Item2.To,
                },
                copy.Item3,
                "Inbox")))
            .DistinctBy(sighting => sighting.ToString())
            .ToImmutableArray();

    private static readonly Gen<SimWorld> GenWorld = Gen.OneOfConst(FilterMethod.All, FilterMethod.All, FilterMethod.Replies)
        .Array[MailboxNames.Length]
        .Select(filters => new SimWorld([.. MailboxNames.Select((name, i) => Mailbox(name, filters[i]))])
        {
            Directory = ImmutableDictionary<EmailTracking.Tracking.Mail.EmailAddress, ImmutableArray<RecordFacts>>.Empty
                .Add(SimMail.Address("ana@contoso.com"), [Record(Tables.SystemUser, 1)])
                .Add(SimMail.Address("bo@fabrikam.com"), [Record(Tables.Contact, 2), Record(Tables.Account, 3)]),
        });

    // Sent copies are activities of their own.
    private static readonly Gen<SimWorld> GenWorldOfTwo = GenWorld.Select(world => world with
    {
        Settings = new TrackingSettings { TracksSentItems = true, InternalMail = new InternalMailSettings { IsOneActivity = false } },
    });

    private static MailboxFacts Mailbox(string name, FilterMethod filter) => new(
        SimMail.Address(name),
        new RecordReference(Tables.SystemUser, new Guid(name.Length, 0, 0, new byte[8])),
        name.StartsWith("sales", StringComparison.Ordinal),
        filter,
        name == "ben@contoso.com" ? [new TrackingFolder("Deals", new RecordReference(Tables.Opportunity, new Guid(77, 0, 0, new byte[8])))] : []);

    private static RecordFacts Record(string table, int id) =>
        new(new RecordReference(table, new Guid(id, 0, 0, new byte[8])), true, null, DateTimeOffset.UnixEpoch.AddDays(id));

    [Fact]
    public void Order_and_batches_make_no_difference() =>
        Gen.Select(GenWorld, GenWithCopies)
            .SelectMany((world, sightings) => Gen.Select(
                Gen.Const(world), Gen.Const(sightings), Gen.Shuffle(sightings.ToArray()), Gen.Int[1, 4].Array[sightings.Length]))
            .Sample(
                (world, sightings, shuffled, cuts) => Assert.Equal(
                    Run(world, sightings, [1]).Report(), Run(world, [.. shuffled], cuts).Report()),
                iter: Iterations,
                print: t => Print(t.Item1, t.Item2) + "\nshuffled\n" + string.Join('\n', t.Item3) + "\ncuts " + string.Join(',', t.Item4));

    [Fact]
    public void Order_and_batches_make_no_difference_when_sent_copies_are_activities_of_their_own() =>
        Gen.Select(GenWorldOfTwo, GenSightings)
            .SelectMany((world, sightings) => Gen.Select(
                Gen.Const(world), Gen.Const(sightings), Gen.Shuffle(sightings.ToArray()), Gen.Int[1, 4].Array[sightings.Length]))
            .Sample(
                (world, sightings, shuffled, cuts) =>
                {
                    var (one, other) = (Run(world, sightings, [1]), Run(world, [.. shuffled], cuts));
                    Assert.Equal(one.Report(), other.Report());
                    Assert.All(one.Store.Emails.Values, email => Assert.Equal(
                        one.Store.Emails.Values.First(copy => copy.Facts.IdKey == email.Facts.IdKey).State.ConversationId, email.State.ConversationId));
                },
                iter: Iterations,
                print: t => Print(t.Item1, t.Item2) + "\nshuffled\n" + string.Join('\n', t.Item3) + "\ncuts " + string.Join(',', t.Item4));

    [Fact]
    public void Only_what_is_needed_is_read_and_it_is_enough() =>
        Gen.Select(GenWorld, GenWithCopies).Sample(
            (world, sightings) => Assert.Equal(
                Run(world, sightings, [1]).Report(), Run(world, sightings, [1], alwaysWide: true).Report()),
            iter: Iterations,
            print: t => Print(t.Item1, t.Item2));

    [Fact]
    public void Conversations_and_held_mails_are_those_of_the_rules_written_naively() =>
        Gen.Select(GenWorld, GenSightings).Sample(
            (world, sightings) =>
            {
                // Folder rules accept by themselves and sent items are off: the oracle knows only filters.
                ImmutableArray<SimSighting> plain = [.. sightings.Where(one => one.Folder == "Inbox")];
                var expected = Oracle.Solve(
                    plain,
                    mailbox => (int)world.Mailboxes.Single(one => one.Address.Value == mailbox).Filter,
                    person => person == "ana@contoso.com");
                var store = Run(world, plain, [1]).Store;
                Assert.Equal(
                    expected.Select(one => $"{one.Key}: {one.Value}"),
                    store.Partition(plain).Select(one => $"{one.Key}: {one.Value}"));
            },
            iter: Iterations,
            print: t => Print(t.Item1, t.Item2));

    [Fact]
    public void Again_changes_nothing_and_nothing_vanishes() =>
        Gen.Select(GenWorld, GenWithCopies).Sample(
            (world, sightings) =>
            {
                var cluster = Run(world, sightings, [2]);
                var writes = cluster.Store.Writes;
                foreach (var sighting in sightings)
                {
                    cluster.Deliver(sighting.Sighting());
                }

                Assert.Equal(writes, cluster.Store.Writes);
                Assert.Equal(sightings.Select(one => one.Sighting().Place).Distinct().Count(), cluster.Store.Decisions.Count);
            },
            iter: Iterations,
            print: t => Print(t.Item1, t.Item2));

    private static ModelCluster Run(SimWorld world, ImmutableArray<SimSighting> sightings, int[] cuts, bool alwaysWide = false)
    {
        var cluster = new ModelCluster(world) { AlwaysWide = alwaysWide };
        for (int at = 0, batch = 0; at < sightings.Length; batch++)
        {
            var size = Math.Min(cuts[batch % cuts.Length], sightings.Length - at);
            cluster.Deliver(sightings.Skip(at).Take(size).Select(one => one.Sighting()));
            at += size;
        }

        cluster.Drain();
        return cluster;
    }

    private static string Print(SimWorld world, ImmutableArray<SimSighting> sightings) =>
        string.Join(' ', world.Mailboxes.Select(mailbox => $"{mailbox.Address}={mailbox.Filter}")) + '\n' + string.Join('\n', sightings);
}
