using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>Of mail that is not tracked the headers are enough; of mail that is, a copy is read whole once.</summary>
public sealed class HeadersOnlyTests
{
    private const string Sales = "sales@contoso.com";
    private const string Ben = "ben@contoso.com";

    [Fact]
    public void Mail_that_no_filter_takes_is_decided_by_its_headers()
    {
        var story = new Story().Mailbox(Ben, FilterMethod.None);
        var answer = Assert.IsType<TrackingDecision.Decided>(Decide(story, Headers(An.Email("m").In(Ben)))).Answers.Single();
        Assert.Equal((Outcome.Skipped, ReasonCode.FilterNone), (answer.Outcome, answer.Reason));
    }

    [Fact]
    public void Mail_that_a_filter_takes_is_asked_for_whole_and_nothing_is_decided()
    {
        var sighting = Headers(An.Email("m").In(Sales));
        var needs = Assert.IsType<TrackingDecision.NeedsContent>(Decide(new Story().Mailbox(Sales), sighting));
        Assert.Equal(sighting.Place, Assert.Single(needs.Places));
    }

    [Fact]
    public void A_further_copy_of_tracked_mail_is_decided_by_its_headers_unless_it_is_to_stand_for_the_mail()
    {
        var mail = An.Email("m");
        var story = new Story().Mailbox(Sales).Mailbox(Ben);
        story.See(mail);
        Assert.IsType<TrackingDecision.Decided>(Decide(story, Headers(mail.In(Ben))));
        Assert.IsType<TrackingDecision.NeedsContent>(Decide(story, Headers(mail.CopyThat(leads: true, copy => copy).In(Ben))));
        Assert.IsType<TrackingDecision.Decided>(Decide(story, Headers(mail.CopyThat(leads: false, copy => copy).In(Ben))));
    }

    [Fact]
    public void An_email_that_a_person_took_out_is_not_asked_for()
    {
        var mail = An.Email("m");
        var story = new Story().Mailbox(Sales).Mailbox(Ben, FilterMethod.None);
        story.See(mail, Ben);
        Assert.Null(story.Do(ActKind.Untrack, mail));
        var answer = Assert.IsType<TrackingDecision.Decided>(Decide(story, Headers(mail.In(Sales)))).Answers.Single();
        Assert.Equal(ReasonCode.UntrackedByHand, answer.Reason);
    }

    [Theory]
    [InlineData("Fwd: Pump broken", true)]
    [InlineData("Pump broken", false)]
    public void A_forward_to_a_queue_with_a_rule_is_asked_for_whole_also_when_it_is_tracked_already(string subject, bool isAsked)
    {
        var mail = An.Email("m").About(subject);
        var story = new Story().Mailbox(Ben).Mailbox(Sales, isQueue: true);
        var queue = Simulation.SimMail.Address(Sales);
        story.Store.Set(queue, new CreationRule { Name = "Rule", Queue = queue, Items = [new CreationItem("All", [], Tables.Incident)] });
        story.Store.Now = DateTimeOffset.UnixEpoch.AddDays(1);
        story.See(mail, Ben);
        Assert.Equal(isAsked, Decide(story, Headers(mail.In(Sales))) is TrackingDecision.NeedsContent);
    }

    private static Sighting Headers(Sighting sighting) => sighting with { ContentHash = Sighting.NoContent };

    private static TrackingDecision Decide(Story story, Sighting sighting)
    {
        var snapshot = story.Store.ReadFacts([sighting]);
        while (true)
        {
            var decision = Tracker.Decide(Simulation.ModelStore.Organization, [sighting], snapshot);
            if (decision is not TrackingDecision.NeedsMembers needs)
            {
                return decision;
            }

            snapshot = story.Store.ReadMembers(snapshot, needs.Conversations, needs.Keys);
        }
    }
}
