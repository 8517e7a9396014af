using EmailTracking.Listing;
using EmailTracking.Queries;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Queries;

/// <summary>What somebody may see.</summary>
public sealed class SightTests
{
    private const string Organization = "contoso";
    private static readonly EmailAddress Ana = Address("ana@contoso.com");
    private static readonly EmailAddress Ben = Address("ben@contoso.com");
    private static readonly Guid Deal = Guid.NewGuid();

    private static readonly EmailRow Untracked = new()
    {
        Key = default, Outcome = Outcome.Skipped, Reason = ReasonCode.NoCorrelationMatch, Mailboxes = [Ana, Ben],
    };

    [Fact]
    public void Everything_is_seen_by_whoever_has_the_list_of_everything()
    {
        var all = new Sight(Organization, [EmailLists.Everything(Organization)]);
        Assert.True(all.IsAll && all.Owns(Ana) && all.Sees(Untracked, []));
        Assert.Equal(Untracked, all.Show(Untracked));
        Assert.False(new Sight("other", [EmailLists.Everything(Organization)]).Sees(Untracked, []));
    }

    [Fact]
    public void Untracked_mail_is_seen_by_the_owners_of_the_mailboxes_that_saw_it()
    {
        var ana = new Sight(Organization, [EmailLists.OfMailbox(Organization, Ana), Deal]);
        Assert.True(ana.Sees(Untracked, []));
        Assert.False(ana.Sees(Untracked with { Mailboxes = [Ben] }, []));
        Assert.True(ana.Sees(Untracked with { Mailboxes = [Ben] }, [Guid.NewGuid(), Deal]));
        Assert.False(new Sight(Organization, []).Sees(Untracked, [Deal]));
    }

    [Fact]
    public void The_mailboxes_and_decisions_of_others_are_not_shown_unless_they_made_it_an_activity()
    {
        var ana = new Sight(Organization, [EmailLists.OfMailbox(Organization, Ana)]);
        Assert.Equal(Ana, Assert.Single(ana.Show(Untracked).Mailboxes));
        DecisionRow[] decisions = [Decision(Ana, Outcome.Skipped), Decision(Ben, Outcome.Skipped), Decision(Ben, Outcome.Tracked)];
        Assert.Equal([decisions[0], decisions[2]], ana.Show(decisions));
    }

    private static DecisionRow Decision(EmailAddress mailbox, Outcome outcome) => new(
        new SightingPlace(mailbox, "Inbox", "1"), FolderKind.Inbox, outcome, ReasonCode.AcceptAll, 0, DateTimeOffset.UnixEpoch, "", []);

    private static EmailAddress Address(string text) => EmailAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);
}
