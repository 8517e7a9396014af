using EmailTracking.Listing;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Listing;

/// <summary>In which lists an email stands and by what it is found.</summary>
public sealed class ListedEmailTests
{
    private const string Organization = "contoso";
    private static readonly DateTimeOffset Received = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly EmailAddress Ana = Address("ana@contoso.com");

    private static readonly ListedFacts Facts = new()
    {
        Key = MessageKey.OfHeaders("zoe@adatum.com", [], null, "Blue desks"),
        Row = 7, IsShown = true, ReceivedOn = Received, Subject = "Blue desks", ContentHash = new string('a', 64),
    };

    [Fact]
    public void What_is_not_shown_stands_nowhere_and_is_found_by_nothing()
    {
        var listed = ListedEmail.Of(Organization, Facts with { IsShown = false, Mailboxes = [Ana], Owner = Guid.NewGuid() }, "text");

        Assert.Empty(listed.Lists);
        Assert.Empty(listed.Terms);
    }

    [Fact]
    public void Each_list_and_term_stands_once()
    {
        var user = new RecordReference(Tables.SystemUser, Guid.NewGuid());
        var account = new RecordReference(Tables.Account, Guid.NewGuid());
        var listed = ListedEmail.Of(
            Organization,
            Facts with
            {
                Owner = user.Id,
                RegardingOwner = user.Id,
                Mailboxes = [Ana, Ana],
                Parties = [new ListedParty(Ana, "Ana Blue", user, null), new ListedParty(Ana, "Ana", user, account), new ListedParty(null, "", account, null)],
                Regarding = [account],
            },
            "blue blue");

        Guid[] lists =
        [
            EmailLists.Everything(Organization), EmailLists.OfMailbox(Organization, Ana), EmailLists.OfMember(Organization, user.Id),
            EmailLists.OfRecord(Organization, user), EmailLists.OfRecord(Organization, account),
        ];
        Assert.Equal(lists.Order(), listed.Lists);
        Assert.Equal(
            lists.Select(ListTerms.InList).Concat(["ana", "blue", "com", "contoso", "desks", "_m0", "_o0", "_r1", ListTerms.Of(Ana)])
                .Order(StringComparer.Ordinal),
            listed.Terms);
    }

    [Fact]
    public void What_is_held_is_found_by_that_and_nothing_else_is()
    {
        Assert.Contains(ListTerms.Held, ListedEmail.Of(Organization, Facts with { IsHeld = true }, "").Terms);
        Assert.DoesNotContain(ListTerms.Held, ListedEmail.Of(Organization, Facts, "").Terms);
        Assert.Equal([true, false], new bool?[] { false, true }.Select(isHeld => Assert.Single(new ListQuery { Visible = [], IsHeld = isHeld }.Conditions).IsExcluded));
    }

    [Fact]
    public void A_long_text_leaves_out_its_end_and_nothing_of_who_and_what()
    {
        var text = string.Join(' ', Enumerable.Range(0, 10_000).Select(i => $"w{i}"));
        var listed = ListedEmail.Of(Organization, Facts with { Parties = [new ListedParty(Ana, "", null, null)] }, text);

        Assert.Contains("desks", listed.Terms);
        Assert.Contains("ana", listed.Terms);
        Assert.Equal(ListedEmail.WordsMax, listed.Terms.Count(term => term[0] != '_'));
    }

    [Fact]
    public void An_email_keeps_its_place_while_its_second_is_the_same()
    {
        var place = ListPosition.Of(null, Received, 9);
        Assert.Equal(place, ListedEmail.Of(Organization, Facts with { Position = place }, "").Position);
        var moved = ListedEmail.Of(Organization, Facts with { Position = place, SentOn = Received.AddDays(-1) }, "");
        Assert.Equal(ListPosition.Of(Received.AddDays(-1), Received, 7), moved.Position);
    }

    private static EmailAddress Address(string text) => EmailAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);
}
