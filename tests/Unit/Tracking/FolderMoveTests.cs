using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using static EmailTracking.Tests.Unit.Tracking.Known;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>What becomes of the record of a mail that people move between tracked folders.</summary>
public sealed class FolderMoveTests
{
    private const string Ana = "ana@contoso.com";
    private static readonly Letter Mail = An.Email("m");
    private static readonly TrackingFolder Deals = new("Inbox/Deals", Reference("opportunity", 5));
    private static readonly TrackingFolder Cases = new("Inbox/Cases", Reference("incident", 6));
    private static readonly TrackingFolder Plain = new("Inbox/Plain", null);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Mail_that_is_moved_to_another_folder_is_about_that_folders_record_whichever_is_seen_first(bool goneFirst)
    {
        var story = Story();
        story.See(Mail, Ana, Deals.Name);
        var arrived = Mail.In(Ana, Cases.Name) with { FolderKind = FolderKind.Filed };
        if (!goneFirst)
        {
            story.See(arrived);
        }

        story.See(arrived with { Left = [Deals.Name], IsRetry = !goneFirst });
        Assert.Equal(Cases.Regarding, Regarding(story));
    }

    [Fact]
    public void Mail_that_is_copied_keeps_the_record_of_the_first_folder()
    {
        var story = Story();
        story.See(Mail, Ana, Deals.Name);
        story.See(Mail, Ana, Cases.Name);
        var both = Regarding(story);
        var other = Story();
        other.See(Mail, Ana, Cases.Name);
        other.See(Mail, Ana, Deals.Name);
        Assert.Equal(both, Regarding(other));
    }

    [Theory]
    [InlineData("Inbox")]
    [InlineData("Inbox/Plain")]
    public void Mail_that_is_moved_where_there_is_no_record_keeps_its_own(string folder)
    {
        var story = Story();
        story.See(Mail, Ana, Deals.Name);
        story.See(Mail.In(Ana, folder) with { Left = [Deals.Name] });
        Assert.Equal(Deals.Regarding, Regarding(story));
    }

    [Fact]
    public void A_folder_that_is_mapped_to_no_record_tracks_whatever_the_filter_says()
    {
        var story = Story();
        Assert.Null(story.See(Mail, Ana));
        var email = story.See(Mail, Ana, Plain.Name);
        Assert.NotNull(email);
        Assert.Null(email.State.Regarding);
    }

    [Theory]
    [InlineData(FolderRuleState.Paused, null, null, false)]
    [InlineData(FolderRuleState.Disabled, null, null, false)]
    [InlineData(FolderRuleState.Active, "2026-01-02", null, false)]
    [InlineData(FolderRuleState.Active, "2026-01-01", "2026-01-02", true)]
    [InlineData(FolderRuleState.Active, null, "2026-01-01", false)]
    public void A_rule_counts_while_it_is_in_force(FolderRuleState state, string? from, string? until, bool isTracked)
    {
        var rule = Deals with { State = state, From = Day(from), Until = Day(until) };
        var story = new Story().Mailbox(Ana, FilterMethod.None, folders: rule);
        story.See(Mail.In(Ana, rule.Name) with { FolderKind = FolderKind.Filed });
        Assert.Equal(isTracked, story.Store.Emails.Count == 1);
    }

    private static DateOnly? Day(string? text) =>
        text is null ? null : DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static Story Story() => new Story().Mailbox(Ana, FilterMethod.None, folders: [Deals, Cases, Plain]);

    private static RecordReference? Regarding(Story story) => story.Of(Mail).Regarding?.Record;
}
