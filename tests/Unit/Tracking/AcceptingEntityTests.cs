using EmailTracking.Tests.Unit.Simulation;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class AcceptingEntityTests
{
    private static readonly EmailTracking.Tracking.Mail.EmailFacts Mail =
        An.Email("m").To("ben@contoso.com", "ana@contoso.com").Cc("help@contoso.com").Bcc("cleo@contoso.com").Facts;

    [Theory]
    //          accepted by (q: a queue), in precedence      reason
    [InlineData("q:help@contoso.com", "ben@contoso.com")]    // Queues come first.
    [InlineData("q:away@contoso.com", "ben@contoso.com")]    // Even one that is not named.
    [InlineData("q:help@contoso.com", "q:away@contoso.com")] // Among queues, the named one.
    [InlineData("ben@contoso.com",    "ana@contoso.com")]    // To order, not the alphabet.
    [InlineData("ana@contoso.com",    "help@contoso.com")]   // To before Cc.
    [InlineData("help@contoso.com",   "away@contoso.com")]   // Named before not named.
    [InlineData("help@contoso.com",   "cleo@contoso.com")]   // Bcc is not named: only the sender's copy has it.
    [InlineData("away@contoso.com",   "cleo@contoso.com")]   // Neither is named: the lowest address.
    public void The_first_stands_for_both(string first, string second)
    {
        static AcceptingEntity Of(string text)
        {
            var address = SimMail.Address(text.Split(':')[^1]);
            return AcceptingEntity.Of(new MailboxFacts(address, null, text.StartsWith("q:", StringComparison.Ordinal), FilterMethod.All, []), Mail, _ => []);
        }

        Assert.True(AcceptingEntity.Precedence.Compare(Of(first), Of(second)) < 0);
        Assert.True(AcceptingEntity.Precedence.Compare(Of(second), Of(first)) > 0);
        Assert.Equal(0, AcceptingEntity.Precedence.Compare(Of(first), Of(first)));
    }

    [Theory]
    [InlineData("ben@contoso.com", 0)]
    [InlineData("ana@contoso.com", 1)]
    [InlineData("help@contoso.com", 2)]
    [InlineData("cleo@contoso.com", int.MaxValue)]
    [InlineData("away@contoso.com", int.MaxValue)]
    public void A_place_is_counted_over_To_and_Cc(string mailbox, int position) =>
        Assert.Equal(position, AcceptingEntity.PositionOf(new MailboxFacts(SimMail.Address(mailbox), null, false, FilterMethod.All, []), Mail, _ => []));

    [Fact]
    public void A_mailbox_is_named_by_any_address_of_its_owner() => Assert.Equal(1, AcceptingEntity.PositionOf(
        new MailboxFacts(SimMail.Address("away@contoso.com"), Known.Reference(Tables.SystemUser, 7), false, FilterMethod.All, []),
        Mail,
        address => address.Value == "ana@contoso.com" ? [Known.Record(Tables.SystemUser, 7)] : []));

    [Fact]
    public void Only_a_mailbox_that_accepts_stands_for_the_email()
    {
        var story = new Story().Mailbox("ben@contoso.com", FilterMethod.None).Mailbox("help@contoso.com", isQueue: true)
            .Mailbox("ana@contoso.com");
        var mail = An.Email("m").To("ben@contoso.com", "ana@contoso.com");
        story.See(mail, "ben@contoso.com");
        story.See(mail, "ana@contoso.com");
        Assert.Equal("ana@contoso.com", story.Of(mail).Accepting!.Mailbox.Value);
        story.See(mail, "help@contoso.com");
        Assert.Equal("help@contoso.com", story.Of(mail).Accepting!.Mailbox.Value);
    }
}
