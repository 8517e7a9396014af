using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class GroundTokensTests
{
    [Theory]
    //          named mail: from, to, list                   answer: from, to, list                 -> ground
    [InlineData("ana@contoso.com", "bo@fabrikam.com", "",    "bo@fabrikam.com", "", "",                 true)]     // A participant.
    [InlineData("ana@contoso.com", "bo@fabrikam.com", "",    "ana@contoso.com", "", "",                 true)]     // Its own sender.
    [InlineData("ana@contoso.com", "bo@fabrikam.com", "",    "cy@fabrikam.com", "", "",                 true)]     // A colleague.
    [InlineData("ana@contoso.com", "bo@fabrikam.com", "",    "cy@tailspin.com", "", "",                 false)]    // A stranger.
    [InlineData("ana@contoso.com", "bo@fabrikam.com", "",    "cy@eu.fabrikam.com", "", "",              false)]    // Another domain.
    [InlineData("ana@contoso.com", "di@gmail.com",    "",    "di@gmail.com", "", "",                    true)]     // Free mail: oneself,
    [InlineData("ana@contoso.com", "di@gmail.com",    "",    "ed@gmail.com", "", "",                    false)]    // no colleagues.
    [InlineData("ana@contoso.com", "bo@fabrikam.com", "",    "cy@tailspin.com", "bo@fabrikam.com", "",  false)]    // Writing to one is not enough.
    [InlineData("ana@contoso.com", "", "dev.lists.org",      "cy@tailspin.com", "", "dev.lists.org",    true)]     // List-Id on both.
    [InlineData("ana@contoso.com", "", "dev.lists.org",      "cy@tailspin.com", "dev@lists.org", "",    true)]     // List-Id, posting address.
    [InlineData("ana@contoso.com", "", "dev@lists.org",      "cy@tailspin.com", "", "dev.lists.org",    true)]     // List-Post, List-Id.
    [InlineData("ana@contoso.com", "", "Dev.Lists.ORG",      "cy@tailspin.com", "dev@lists.org", "",    true)]
    [InlineData("ana@contoso.com", "", "dev.lists.org",      "cy@tailspin.com", "ops@lists.org", "",    false)]    // Another list.
    [InlineData("ana@contoso.com", "dev@lists.org", "",      "cy@tailspin.com", "dev@lists.org", "",    false)]    // A shared recipient is no list,
    [InlineData("ana@contoso.com", "dev@lists.org", "",      "cy@tailspin.com", "", "dev.lists.org",    false)]    // if no list carried the mail.
    public void Who_may_speak_below_a_mail(
        string from, string to, string list, string answerFrom, string answerTo, string answerList, bool ground)
    {
        static Letter Mail(string id, string from, string to, string list)
        {
            var mail = An.Email(id).From(from).OnList(list.Length > 0 ? [list] : []);
            return to.Length > 0 ? mail.To(to) : mail;
        }

        var named = Mail("named", from, to, list).Facts.Thread;
        Assert.Equal(ground, named.GivesGroundTo(Mail("answer", answerFrom, answerTo, answerList).Facts.Thread));
    }

    [Fact]
    public void Our_users_have_ground_everywhere() =>
        Assert.True(An.Email("m").Facts.Thread.GivesGroundTo(An.Email("r").FromOurUser("cy@tailspin.com").Member.Facts));

    [Fact]
    public void Bcc_gives_no_ground_for_only_the_senders_copy_shows_it() =>
        Assert.False(An.Email("m").Bcc("cy@tailspin.com").Facts.Thread
            .GivesGroundTo(An.Email("r").From("cy@tailspin.com").Facts.Thread));

    [Fact]
    public void A_sender_without_an_address_has_no_voice_and_gives_no_ground()
    {
        var mail = An.Email("m").FromText("undisclosed").Facts.Thread;
        Assert.Equal(0, mail.Voice.Count);
        Assert.Equal(0, mail.Ground.Count);
    }

    [Fact]
    public void Ten_thousand_recipients_are_bounded_and_the_sender_is_kept()
    {
        EmailAddress[] recipients = [.. Enumerable.Range(0, 10_000).Select(i => SimMail.Address($"u{i}@h{i}.example"))];
        var ground = GroundTokens.GroundOf(SimMail.Address("ana@contoso.com"), recipients, []);
        Assert.Equal(GroundTokens.CountMax, ground.Count);
        Assert.True(ground.Meets(GroundTokens.VoiceOf(SimMail.Address("ana@contoso.com"), [], [])));
        Assert.True(ground.Meets(GroundTokens.VoiceOf(recipients[0], [], [])));
        Assert.False(ground.Meets(GroundTokens.VoiceOf(recipients[^1], [], [])));
    }

    [Fact]
    public void The_stored_form_reads_back()
    {
        var ground = An.Email("m").To("bo@fabrikam.com", "di@gmail.com").Facts.Thread.Ground;
        Assert.Equal(ground, GroundTokens.FromBytes(ground.ToBytes()));
        Assert.Equal(5, ground.Count);
    }
}
