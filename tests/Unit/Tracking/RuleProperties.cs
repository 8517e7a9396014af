using System.Collections.Immutable;
using CsCheck;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>What rules create hangs neither on the order of copies nor on how often they come.</summary>
public sealed class RuleProperties
{
    // Full: EMAILTRACKING_FULL=1.
    private static readonly int Iterations = Environment.GetEnvironmentVariable("EMAILTRACKING_FULL") == "1" ? 50_000 : 1_000;

    private static readonly string[] Places = ["support@contoso.com", "billing@contoso.com", "ana@contoso.com"];

    private static readonly string[] Senders = ["bo@fabrikam.com", "cy@fabrikam.com", "eve@tailspin.com", "ana@contoso.com"];

    private static readonly Gen<ImmutableArray<string>> GenPlaces =
        Gen.OneOfConst(Places).Array[1, 4].Select(places => places.ToImmutableArray());

    // Mails that answer nothing, where they are seen, and how often.
    private static readonly Gen<ImmutableArray<SimSighting>> GenFirsts =
        Gen.Select(Gen.OneOfConst(Senders), GenPlaces, Gen.OneOfConst("Order", "Pump")).Array[1, 4].Select(mails => mails
            .SelectMany((mail, i) => mail.Item2.Select(place => new SimSighting(
                new SimMail("m" + i, mail.Item1, [.. Places], [], [], i) { Subject = mail.Item3 }, place, "Inbox")))
            .ToImmutableArray());

    private static Gen<ImmutableArray<SimSighting>> Answers(ImmutableArray<SimSighting> firsts) =>
        Gen.Select(Gen.OneOfConst(Senders), GenPlaces, Gen.Int[0, firsts.Length - 1]).Array[0, 3].Select(mails => mails
            .SelectMany((mail, i) => mail.Item2.Select(place => new SimSighting(
                new SimMail("r" + i, mail.Item1, [.. Places], [firsts[mail.Item3].Mail.Id], [], 10 + i), place, "Inbox")))
            .ToImmutableArray());

    [Fact]
    public void Any_order_and_repetition_of_copies_gives_the_same_records() =>
        GenFirsts.SelectMany(firsts => Answers(firsts).Select(answers => (firsts, answers)))
            .SelectMany((firsts, answers) => Gen.Select(
                Gen.Const(firsts), Gen.Const(answers), Gen.Shuffle(firsts.ToArray()), Gen.Shuffle(answers.ToArray()), Gen.Int[1, 5]))
            .Sample(
                (firsts, answers, shuffledFirsts, shuffledAnswers, cut) => Assert.Equal(
                    Created([.. firsts, .. answers], 1), Created([.. shuffledFirsts, .. shuffledAnswers, .. shuffledFirsts], cut)),
                iter: Iterations,
                print: t => string.Join('\n', t.Item3) + "\nanswers\n" + string.Join('\n', t.Item4) + $"\ncut {t.Item5}");

    // A line of answers among people of one company, in any order, in a queue or two.
    [Fact]
    public void A_conversation_becomes_one_record_whatever_the_order_and_the_queues() =>
        Gen.Int[1, 5].SelectMany(length => Gen.Select(
                Gen.Shuffle(Enumerable.Range(0, length).ToArray()), Gen.OneOfConst(Places[0], Places[1]).Array[length], Gen.Int[1, 3]))
            .Sample(
                (order, places, cut) =>
                {
                    var mails = order.Select(i => new SimSighting(
                        new SimMail("m" + i, Senders[i % 2], [places[i]], i == 0 ? [] : [$"m{i - 1}"], [.. Enumerable.Range(0, i).Select(n => "m" + n)], i),
                        places[i],
                        "Inbox"));
                    var store = Run([.. mails], cut);
                    Assert.Single(store.Created);
                    Assert.Single(store.Emails.Values.Select(email => email.State.Regarding?.Record).Distinct());
                },
                iter: Iterations,
                print: t => $"{string.Join(' ', t.Item1)} in {string.Join(' ', t.Item2)}, cut {t.Item3}");

    private static string Created(ImmutableArray<SimSighting> sightings, int cut) => string.Join('\n', Run(sightings, cut).Created.Values
        .Select(record => $"{record.Reference} {record.Name} of {record.Customer} by {record.Queue} {record.Item}")
        .Order());

    private static ModelStore Run(ImmutableArray<SimSighting> sightings, int cut)
    {
        var cluster = new ModelCluster(new SimWorld([Queue(0), Queue(1), new MailboxFacts(SimMail.Address(Places[2]), null, false, FilterMethod.All, [])])
        {
            Directory = ImmutableDictionary<EmailTracking.Tracking.Mail.EmailAddress, ImmutableArray<RecordFacts>>.Empty
                .Add(SimMail.Address("ana@contoso.com"), [Known.Record(Tables.SystemUser, 1)])
                .Add(SimMail.Address("bo@fabrikam.com"), [Known.Record(Tables.Contact, 2)])
                .Add(SimMail.Address("cy@fabrikam.com"), [Known.Record(Tables.Contact, 3)]),
        });
        foreach (var queue in Places.Take(2))
        {
            cluster.Store.Set(SimMail.Address(queue), new CreationRule
            {
                Name = queue,
                Queue = SimMail.Address(queue),
                UnknownSenders = queue == Places[0] ? UnknownSenders.Allow : UnknownSenders.Refuse,
                Items =
                [
                    new CreationItem("Pumps", [new CreationCondition(RuleFact.Subject, "pump")], Tables.Incident),
                    new CreationItem("All", [], Tables.Incident),
                ],
            });
        }

        foreach (var batch in sightings.Chunk(cut))
        {
            cluster.Deliver(batch.Select(one => one.Sighting()));
        }

        cluster.Drain();
        return cluster.Store;
    }

    private static MailboxFacts Queue(int number) => new(
        SimMail.Address(Places[number]), Known.Reference(Tables.Queue, 40 + number), true, FilterMethod.All, []);
}
