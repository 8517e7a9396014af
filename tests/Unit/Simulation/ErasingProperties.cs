using System.Collections.Immutable;
using CsCheck;
using EmailTracking.Tests.Unit.Tracking;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Simulation;

/// <summary>Who belongs together is a matter of digests: emails that are erased while mail arrives change nothing in it.</summary>
public sealed class ErasingProperties
{
    private static readonly int Iterations = Environment.GetEnvironmentVariable("EMAILTRACKING_FULL") == "1" ? 10_000 : 500;

    private static readonly string[] People = ["ana@contoso.com", "bo@fabrikam.com", "cy@fabrikam.com", "di@gmail.com"];

    private static readonly Gen<SimMail> GenMail =
        from sender in Gen.OneOfConst(People)
        from to in Gen.OneOfConst(People).Array[0, 2]
        from answers in Gen.Int[0, 6].Array[0, 1]
        from references in Gen.Int[0, 6].Array[0, 3]
        from day in Gen.Int[0, 9]
        select new SimMail(
            "", sender, [.. to.Distinct()], [.. answers.Select(id => "m" + id)], [.. references.Distinct().Select(id => "m" + id)], day);

    private static readonly Gen<(ImmutableArray<SimSighting> Sightings, int[] Erased)> GenRun =
        from mails in GenMail.Array[1, 7]
        from more in Gen.Int[0, mails.Length - 1].Array[0, 4]
        from sightings in Gen.Shuffle(mails.Select((_, i) => (Mail: i, Mailbox: "sales@contoso.com"))
            .Concat(more.Select(i => (Mail: i, Mailbox: "ana@contoso.com")))
            .ToArray())
        from erased in Gen.Int[-1, mails.Length - 1].Array[sightings.Length]
        select (sightings.Select(one => new SimSighting(mails[one.Mail] with { Id = "m" + one.Mail }, one.Mailbox, "Inbox")).ToImmutableArray(), erased);

    private static readonly SimWorld World = new(
        [.. new[] { "ana@contoso.com", "sales@contoso.com" }.Select(name => new MailboxFacts(SimMail.Address(name), null, false, FilterMethod.All, []))]);

    [Fact]
    public void Erasing_while_mail_arrives_leaves_everybody_where_they_are() => GenRun.Sample(
        run =>
        {
            var (with, without) = (new ModelCluster(World), new ModelCluster(World));
            var erased = new HashSet<Guid>();
            for (var i = 0; i < run.Sightings.Length; i++)
            {
                with.Deliver(run.Sightings[i].Sighting());
                without.Deliver(run.Sightings[i].Sighting());
                with.Drain();
                without.Drain();
                var mail = run.Sightings.FirstOrDefault(one => one.Mail.Id == $"m{run.Erased[i]}")?.Mail.Facts().Thread.Key;
                if (mail is { } key && with.Store.Emails.TryGetValue(key, out var email))
                {
                    erased.Add(email.ActivityId);
                    Assert.Null(with.Do(new ActRequest
                    {
                        Id = Known.Id(i), Kind = ActKind.Erase, By = "Ana", On = SimMail.Minute(i), Emails = [key], Erasure = Known.Id(1),
                    }));
                }
            }

            Assert.Equal(without.Store.Partition(run.Sightings), with.Store.Partition(run.Sightings));
            Assert.All(with.Store.Emails.Values, email => Assert.Equal(erased.Contains(email.ActivityId), email.IsErased));
            Assert.All(with.Store.Emails.Values.Where(email => email.IsErased), email =>
            {
                Assert.True(email is { Sender: null, TrackingToken: null, State: { Regarding: null, SenderRecord: null } });
                Assert.Empty(with.Store.Parties[email.Facts.Key]);
            });
        },
        iter: Iterations,
        print: run => string.Join('\n', run.Sightings) + "\nerased after each: " + string.Join(',', run.Erased));
}
