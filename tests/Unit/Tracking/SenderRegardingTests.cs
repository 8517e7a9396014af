using System.Collections.Immutable;
using CsCheck;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>With RegardingFromSender=link: what a mail is about by its sender, when the sender's record came later than the mail.</summary>
public sealed class SenderRegardingTests
{
    private const string Ana = "ana@contoso.com";
    private const string Ben = "ben@contoso.com";
    private const string Bo = "bo@fabrikam.com";

    private static readonly TrackingSettings Link = new() { Parties = new PartySettings { RegardingFromSender = RegardingFromSender.Link } };
    private static readonly RecordReference Case = Reference(Tables.Incident, 9);
    private static readonly Letter Mail = An.Email("mail").From(Bo).To(Ana);
    private static readonly Letter Answer = An.Email("answer").From(Ana).To(Bo).Answering(Mail).Minute(1);

    private static Story Seen() => new Story { Settings = Link }
        .Mailbox(Ana).Mailbox(Ben)
        .Related(Reference(Tables.Contact, 1), Case)
        .Related(Reference(Tables.Contact, 2), Reference(Tables.Incident, 10));

    private static void Do(Story story, string events)
    {
        foreach (var one in events.Split(' '))
        {
            switch (one)
            {
                case "mail":
                    story.See(Mail, Ana);
                    break;
                case "answer":
                    story.See(Answer, Ana);
                    break;
                case "copy":
                    story.See(Mail, Ben);
                    break;
                case "contact":
                    story.Store.Save(Record(Tables.Contact, 1), SimMail.Address(Bo));
                    break;
                case "lost":
                    story.Store.Save(Record(Tables.Contact, 1));
                    break;
                case "other":
                    story.Store.Save(Record(Tables.Contact, 2), SimMail.Address(Bo));
                    break;
                default:
                    story.Store.Link();
                    break;
            }
        }
    }

    [Theory]
    [InlineData("contact mail answer")]
    [InlineData("mail answer contact copy link")]
    [InlineData("mail answer contact link copy")]
    [InlineData("mail contact link answer")]
    [InlineData("mail contact answer link")]
    [InlineData("answer mail contact link")]
    [InlineData("answer contact mail link")]
    [InlineData("mail answer contact link link copy")]
    public void A_further_copy_the_sweep_and_the_mail_itself_say_the_same(string events)
    {
        var story = Seen();
        Do(story, events);
        Assert.Equal(new RegardingLink(RegardingSource.Sender, Case, null), story.Of(Mail).Regarding);
        Assert.Equal(new RegardingLink(RegardingSource.Correlated, Case, Mail.Key), story.Of(Answer).Regarding);
    }

    [Theory]
    [InlineData("contact mail answer lost link other link copy")]
    [InlineData("contact mail answer lost other copy link")]
    [InlineData("contact mail answer lost copy link other copy")]
    public void What_stands_is_not_rewritten_when_the_address_is_somebody_elses(string events)
    {
        var story = Seen();
        Do(story, events);
        Assert.Equal(Reference(Tables.Contact, 2), story.Of(Mail).SenderRecord);
        Assert.Equal(Case, story.Of(Mail).Regarding?.Record);
        Assert.Equal(Case, story.Of(Answer).Regarding?.Record);
    }

    [Theory]
    [InlineData("copy link")]
    [InlineData("link copy")]
    public void Nor_when_a_person_says_that_somebody_else_sent_it(string events)
    {
        var story = Seen();
        Do(story, "contact mail answer");
        story.Store.Save(Record(Tables.Contact, 2), SimMail.Address("cy@fabrikam.com"));
        Assert.Null(story.Do(new ActRequest
        {
            Id = Id(3000),
            Kind = ActKind.Resolve,
            By = "Ana",
            On = DateTimeOffset.UnixEpoch.AddYears(60),
            Emails = [Mail.Key],
            Record = Reference(Tables.Contact, 2),
            Address = SimMail.Address(Bo),
            Parties = [SimMail.Address(Bo)],
        }));
        Do(story, events);
        Assert.Equal(Reference(Tables.Contact, 2), story.Of(Mail).SenderRecord);
        Assert.Equal(Case, story.Of(Mail).Regarding?.Record);
    }

    [Fact]
    public void What_a_person_or_a_folder_says_goes_before_it_whatever_came_first()
    {
        foreach (var events in new[] { "contact mail answer", "mail answer contact link" })
        {
            var story = Seen();
            Do(story, events);
            Assert.Null(story.Do(ActKind.Regarding, Mail, record: Reference(Tables.Opportunity, 5)));
            Assert.Equal(Reference(Tables.Opportunity, 5), story.Of(Answer).Regarding?.Record);
            Assert.Null(story.Undo());
            Assert.Equal(Case, story.Of(Answer).Regarding?.Record);
        }
    }

    [Fact]
    public void Of_several_open_cases_none_is_taken_later_either()
    {
        var story = new Story { Settings = Link }.Mailbox(Ana).Mailbox(Ben).Related(Reference(Tables.Contact, 1), Case, Reference(Tables.Incident, 10));
        Do(story, "mail contact link copy");
        Assert.Null(story.Of(Mail).Regarding);
        Assert.Empty(story.Of(Mail).RegardingClaims);
    }

    [Fact]
    public void Mail_and_contacts_in_any_order_give_what_contacts_first_give()
    {
        string[] people = [Bo, "cy@tailspin.com", Ana];
        SimWorld world = new([Mailbox(Ana), Mailbox(Ben)])
        {
            Settings = Link,
            Related = new Dictionary<RecordReference, ImmutableArray<RecordReference>>
            {
                [Reference(Tables.Contact, 1)] = [Case], [Reference(Tables.Contact, 2)] = [Reference(Tables.Incident, 10)],
            }.ToImmutableDictionary(),
        };
        var genMail = Gen.Select(Gen.Int[0, 2], Gen.Int[-1, 3], Gen.Int[-1, 3]);
        genMail.Array[1, 4]
            .Select(mails => mails.SelectMany((mail, i) => Sightings(i, people[mail.Item1], mail.Item2, mail.Item3)).ToArray())
            .SelectMany(sightings => Gen.Shuffle((object[])[.. sightings, 0, 1, "link", "link"]).Select(events => (sightings, events)))
            .Sample(
                (sightings, events) => Assert.Equal(Run(world, people, [0, 1, .. sightings]), Run(world, people, events)),
                iter: 400,
                print: one => string.Join('\n', one.Item2.Select(each => each is Sighting seen ? $"{seen.Place.Item} in {seen.Place.Mailbox}" : $"{each}")));

        static MailboxFacts Mailbox(string address) => new(SimMail.Address(address), null, false, FilterMethod.All, []);

        // Two copies of one email, which answers another and names a third.
        static IEnumerable<Sighting> Sightings(int number, string from, int answers, int names)
        {
            string[] ids = [.. new[] { answers, names }.Where(other => other >= 0 && other != number).Select(other => $"m{other}")];
            var mail = new SimMail($"m{number}", from, [Ana, Bo], [.. ids.Take(1)], [.. ids.Skip(1)], number);
            yield return new SimSighting(mail, Ana, "Inbox").Sighting();
            yield return new SimSighting(mail, Ben, "Inbox").Sighting();
        }
    }

    private static string Run(SimWorld world, string[] people, object[] events)
    {
        var cluster = new ModelCluster(world);
        foreach (var one in events)
        {
            switch (one)
            {
                case Sighting sighting:
                    cluster.Deliver(sighting);
                    break;
                case int number:
                    cluster.Store.Save(Record(Tables.Contact, number + 1), SimMail.Address(people[number]));
                    break;
                default:
                    cluster.Store.Link();
                    break;
            }
        }

        cluster.Drain();
        cluster.Store.Link();
        return string.Join('\n', cluster.Store.Emails.Values.OrderBy(email => email.Facts.Key).Select(email =>
            $"{email.Facts.Key} {email.State.SenderRecord} {email.State.Regarding} {string.Join(' ', email.State.RegardingClaims)}"));
    }
}
