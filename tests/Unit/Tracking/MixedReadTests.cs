using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>Facts and members are read at two moments, and others write between them.</summary>
public sealed class MixedReadTests
{
    [Fact]
    public void What_others_tracked_between_two_reads_is_a_lost_race()
    {
        var story = new Story().Mailbox("ana@contoso.com").Mailbox("ben@contoso.com");
        var one = An.Email("one").From("bo@fabrikam.com").To("ana@contoso.com");
        var two = An.Email("two").From("cy@wingtip.com").To("ana@contoso.com");
        var both = An.Email("both").From("ana@contoso.com").To("bo@fabrikam.com").Answering(one).Naming(two).Minute(5);
        story.See(one, "ana@contoso.com");
        story.See(two, "ana@contoso.com");

        var sighting = both.In("ana@contoso.com");
        var facts = story.Store.ReadFacts([sighting]);
        Assert.IsType<TrackingDecision.NeedsMembers>(Tracker.Decide("contoso", [sighting], facts));
        story.See(both, "ben@contoso.com");
        var mixed = facts with
        {
            Emails = story.Store.Emails.ToDictionary(),
            Conversations = facts.Conversations.ToDictionary(known => known.Key, known => known.Value with { IsComplete = true }),
        };

        var decided = Assert.IsType<TrackingDecision.Decided>(Tracker.Decide("contoso", [sighting], mixed));
        Assert.False(story.Store.Commit(decided.Change, [sighting]));
    }
}
