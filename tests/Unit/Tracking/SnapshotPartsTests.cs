using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>What is handed to a conversation is a part of what was read, and nothing that its mails need is lost on the way.</summary>
public sealed class SnapshotPartsTests
{
    private static readonly Letter Mail = An.Email("m").From("ana@contoso.com").To("bo@fabrikam.com");

    public static TheoryData<int> Keys => new(Enumerable.Range(0, 4));

    [Theory]
    [MemberData(nameof(Keys))]
    public void What_was_done_with_and_decided_of_mail_that_is_not_tracked_comes_along_under_each_of_its_keys(int number)
    {
        var sighting = Mail.In("ana@contoso.com");
        var key = Identity.KeysOf(sighting.Facts)[number];
        var act = new Act { Id = Id(1), Kind = ActKind.Track, By = "Ana", On = DateTimeOffset.UnixEpoch, Sides = [[key]] };
        var decision = new StandingDecision(
            new SightingPlace(SimMail.Address("ben@contoso.com"), "Sent Items", "1"), key, FolderKind.SentItems, Outcome.Skipped, ReasonCode.FilterNone, "");
        var parts = new SnapshotParts(new TrackingSnapshot { Acts = [act], Decisions = [decision] });

        var part = parts.For([sighting]);

        Assert.Same(act, Assert.Single(part.Acts));
        Assert.Same(decision, Assert.Single(part.Decisions));
        var others = parts.For([An.Email("other").In("ana@contoso.com")]);
        Assert.True(others is { Acts.IsEmpty: true, Decisions.IsEmpty: true });
    }
}
