using System.Collections.Immutable;
using CsCheck;
using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Threads;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class RegardingTests
{
    private static readonly EmailTracking.Tracking.Mail.MessageKey Parent = An.Email("parent").Key;
    private static readonly RegardingLink Inherited = new(RegardingSource.ByHand, Reference("incident", 99), null);

    private static RegardingClaim Claim(RegardingSource source, int record) =>
        new(source, Reference("incident", record), null, null, int.MaxValue);

    private static RegardingClaim Folder(string mailbox, string folder, int position, int record) =>
        new(RegardingSource.Folder, Reference("incident", record), SimMail.Address(mailbox), folder, position);

    private static Correlation By(CorrelationMethod method, bool grounded = true) => new(method, Parent, true, grounded);

    [Theory]
    //          own claims             correlation                      -> source, from the parent
    [InlineData("",                    CorrelationMethod.InReplyTo,        RegardingSource.Correlated, true)]
    [InlineData("",                    CorrelationMethod.ConversationIndex, RegardingSource.Correlated, true)]
    [InlineData("",                    CorrelationMethod.CustomCorrelation, RegardingSource.Correlated, true)]
    [InlineData("",                    CorrelationMethod.TrackingToken,    RegardingSource.Token,      true)]
    [InlineData("ByHand",              CorrelationMethod.TrackingToken,    RegardingSource.ByHand,     false)]
    [InlineData("ByHand Folder Rule",  CorrelationMethod.InReplyTo,        RegardingSource.ByHand,     false)]
    [InlineData("Folder",              CorrelationMethod.TrackingToken,    RegardingSource.Token,      true)]    // The more specific wins.
    [InlineData("Folder",              CorrelationMethod.InReplyTo,        RegardingSource.Folder,     false)]
    [InlineData("Folder Rule",         CorrelationMethod.None,             RegardingSource.Folder,     false)]
    [InlineData("Rule",                CorrelationMethod.InReplyTo,        RegardingSource.Correlated, true)]
    [InlineData("Rule",                CorrelationMethod.None,             RegardingSource.Rule,       false)]
    [InlineData("Correlated",          CorrelationMethod.InReplyTo,        RegardingSource.Correlated, false)]   // Equal kinds: its own.
    public void The_strongest_claim_wins(string own, CorrelationMethod method, RegardingSource source, bool fromParent)
    {
        ImmutableArray<RegardingClaim> claims =
            [.. own.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((name, i) => Claim(Enum.Parse<RegardingSource>(name), i + 1))];
        var correlation = method == CorrelationMethod.None ? Correlation.None : By(method);
        var link = Regarding.Decide(claims, null, correlation, method == CorrelationMethod.None ? null : Inherited, false);
        Assert.Equal(
            fromParent ? new(source, Inherited.Record, Parent) : new RegardingLink(source, Reference("incident", 1), null), link);
    }

    [Theory]
    //          own claims                  correlation                      -> source, from the parent
    [InlineData("ByHandHere Folder",        CorrelationMethod.None,             RegardingSource.Folder,     false)]
    [InlineData("ByHand Folder",            CorrelationMethod.InReplyTo,        RegardingSource.Folder,     false)]
    [InlineData("Folder",                   CorrelationMethod.TrackingToken,    RegardingSource.Folder,     false)]
    [InlineData("QueueRule Folder",         CorrelationMethod.InReplyTo,        RegardingSource.Folder,     false)]
    [InlineData("ByHand Rule",              CorrelationMethod.TrackingToken,    RegardingSource.ByHand,     false)]   // Without a folder
    [InlineData("QueueRule",                CorrelationMethod.TrackingToken,    RegardingSource.QueueRule,  false)]   // all is as it was.
    [InlineData("Rule",                     CorrelationMethod.InReplyTo,        RegardingSource.Correlated, true)]
    public void With_folders_first_the_folder_wins_and_else_nothing_changes(
        string own, CorrelationMethod method, RegardingSource source, bool fromParent)
    {
        var names = own.Split(' ');
        var claims = names.Select((name, i) => Claim(Enum.Parse<RegardingSource>(name), i + 1)).ToImmutableArray();
        var (correlation, inherited) = method == CorrelationMethod.None ? (Correlation.None, null) : (By(method), Inherited);
        var expected = fromParent
            ? new RegardingLink(source, Inherited.Record, Parent)
            : new RegardingLink(source, Reference("incident", Array.IndexOf(names, source.ToString()) + 1), null);
        Assert.Equal(expected, Regarding.Decide(claims, null, correlation, inherited, foldersFirst: true));
    }

    [Fact]
    public void Without_ground_nothing_is_inherited()
    {
        Assert.Null(Regarding.Decide([], null, By(CorrelationMethod.InReplyTo, grounded: false), Inherited, false));
        Assert.Null(Regarding.Decide([], null, By(CorrelationMethod.TrackingToken, grounded: false), Inherited, false));
        Assert.Equal(
            RegardingSource.Rule,
            Regarding.Decide([Claim(RegardingSource.Rule, 1)], null, By(CorrelationMethod.InReplyTo, grounded: false), Inherited, false)!.Source);
    }

    [Fact]
    public void Empty_never_wins()
    {
        Assert.Equal(RegardingSource.Rule, Regarding.Decide([Claim(RegardingSource.Rule, 1)], null, By(CorrelationMethod.InReplyTo), null, false)!.Source);
        Assert.Null(Regarding.Decide([], null, By(CorrelationMethod.InReplyTo), null, false));
    }

    [Theory]
    //          accepting            claims: mailbox/folder/position, the winner first
    [InlineData("cy@contoso.com",    "cy@contoso.com/Z/9",  "ana@contoso.com/A/0")]    // The accepting mailbox,
    [InlineData("dee@contoso.com",   "ben@contoso.com/Z/1", "ana@contoso.com/A/2")]    // then To and Cc order,
    [InlineData("dee@contoso.com",   "ana@contoso.com/Z/1", "ben@contoso.com/A/1")]    // then the address,
    [InlineData("dee@contoso.com",   "ana@contoso.com/A/1", "ana@contoso.com/Z/1")]    // then the folder's name.
    public void Of_two_folders_one_wins(string accepting, string winner, string other)
    {
        static RegardingClaim Of(string text, int record)
        {
            var parts = text.Split('/');
            return Folder(parts[0], parts[1], int.Parse(parts[2]), record);
        }

        foreach (var claims in new[] { (ImmutableArray<RegardingClaim>)[Of(winner, 2), Of(other, 1)], [Of(other, 1), Of(winner, 2)] })
        {
            Assert.Equal(Id(2), Regarding.Decide(claims, SimMail.Address(accepting), Correlation.None, null, false)!.Record.Id);
        }
    }

    [Fact]
    public void The_order_of_claims_makes_no_difference() => Gen
        .Select(Gen.OneOfConst("ana@contoso.com", "ben@contoso.com"), Gen.OneOfConst("A", "B"), Gen.Int[0, 1], Gen.Int[1, 3])
        .Select(row => Folder(row.Item1, row.Item2, row.Item3, row.Item4)).Array[0, 5]
        .SelectMany(claims => Gen.Shuffle(claims).Select(shuffled => (claims, shuffled)))
        .Sample(
            (claims, shuffled) => Assert.Equal(
                Regarding.Decide([.. claims], SimMail.Address("ben@contoso.com"), Correlation.None, null, false),
                Regarding.Decide([.. shuffled], SimMail.Address("ben@contoso.com"), Correlation.None, null, false)),
            iter: 500);

    [Fact]
    public void A_mail_inherits_along_the_whole_thread_and_never_from_its_answers()
    {
        var first = An.Email("first").To("bo@fabrikam.com");
        var second = An.Email("second").From("bo@fabrikam.com").To("ana@contoso.com").Answering(first).Minute(1);
        var third = An.Email("third").Answering(second).Minute(2);
        var story = new Story().Mailbox("ana@contoso.com", folders: new TrackingFolder("Deals", Reference("opportunity", 5)));
        story.See(first, "ana@contoso.com");
        story.See(third, "ana@contoso.com");
        story.See(second, "ana@contoso.com", "Deals");
        Assert.Null(story.Of(first).Regarding);
        Assert.Equal(new(RegardingSource.Folder, Reference("opportunity", 5), null), story.Of(second).Regarding);
        Assert.Equal(new(RegardingSource.Correlated, Reference("opportunity", 5), second.Key), story.Of(third).Regarding);
    }

    [Fact]
    public void A_folder_rule_without_a_record_tracks_and_says_nothing_of_regarding()
    {
        var story = new Story().Mailbox("ana@contoso.com", FilterMethod.None, folders: new TrackingFolder("Deals", null));
        Assert.Null(story.See(An.Email("m"), "ana@contoso.com", "Deals")!.State.Regarding);
    }
}
