using System.Text;
using EmailTracking.Tests.Crash.Checker;

namespace EmailTracking.Tests.Crash;

/// <summary>What the crash runs are measured by.</summary>
public sealed class CheckerTests
{
    private const string TakesAll = "ana@contoso.com";
    private const string TakesAnswers = "eve@contoso.com";

    [Fact]
    public void It_shares_no_code_with_the_product() => Assert.All(
        typeof(Expected).Assembly.GetReferencedAssemblies(), one => Assert.StartsWith("System.", one.Name, StringComparison.Ordinal));

    [Theory]
    //           mails, each "id<in reply to<references", a capital for a mailbox that takes answers only     conversations
    [InlineData("a b<a c<b", "a b c")]
    [InlineData("c<b b<a a", "a b c")]                  // The order makes no difference.
    [InlineData("b<x c<x", "b c")]                      // Nobody has shown us x.
    [InlineData("a b c<a<b,a", "a b c")]                // Two threads are tied.
    [InlineData("a b c<<a,b", "a b c")]                 // So they are by References alone.
    [InlineData("a b<a a2", "a b|a2")]
    [InlineData("a B<a c<b", "a b c")]                  // An answer to tracked mail.
    [InlineData("A B<a c<b", "c")]                      // An answer to what nobody wants; its own answer stands alone.
    public void Who_belongs_together_follows_from_the_ids(string mails, string conversations)
    {
        var expected = new Expected(mails.Split(' ').Select((mail, i) => Delivery(mail, i)));
        Assert.Equal(
            conversations.Split('|').Order(),
            expected.Conversations.Select(members => string.Join(' ', members.Select(id => id.Split('@')[0]).Order())).Order());
    }

    [Theory]
    [InlineData("c<b<a,b", "b", "b")]
    [InlineData("c<x<b,a", "a", "a")]                   // The nearest that is there: the last of References.
    [InlineData("c<x<x", "a", null)]
    public void The_parent_is_the_nearest_mail_that_is_there(string answer, string other, string? parent)
    {
        var expected = new Expected([Delivery(answer, 0), Delivery(other, 1)]);
        Assert.Equal(parent is null ? null : $"{parent}@mail", expected.ParentOf("c@mail"));
    }

    [Fact]
    public void Made_mail_is_the_same_in_every_process_and_has_every_case()
    {
        var made = Enumerable.Range(0, 40).SelectMany(new MailMaker(7).Block).ToList();
        Assert.Equal(made.Select(one => Hash(one.Raw)), Enumerable.Range(0, 40).SelectMany(new MailMaker(7).Block).Select(one => Hash(one.Raw)));

        var mails = made.Select(one => RawMail.Read(one.Raw)).ToList();
        var seen = mails.Select(mail => mail.Id).ToHashSet();
        var expected = new Expected(made);
        Assert.Contains(mails, mail => mail.Names.Any(id => !seen.Contains(id)));
        Assert.Contains(mails.Index(), mail => mail.Item.InReplyTo is { } id && mails.FindIndex(one => one.Id == id) > mail.Index);
        Assert.Contains(made, one => one.Raw.Length > 1_048_576);
        Assert.Contains(made.GroupBy(one => (one.Mailbox, one.Folder, Hash(one.Raw))), copies => copies.Count() > 1);
        Assert.Contains(expected.Sightings.GroupBy(one => one.Id), copies => copies.Select(one => one.Hash).Distinct().Count() > 1);
        Assert.Contains(expected.Conversations, members => members.Select(id => id.Split('@')[1]).Distinct().Count() > 1);
        Assert.Equal(3, expected.Sightings.Select(one => expected.OutcomeOf(one.Mailbox, one.Id)).Distinct().Count());
    }

    private static Made Delivery(string mail, int number)
    {
        var parts = mail.Split('<');
        var text = $"Message-ID: <{parts[0].ToLowerInvariant()}@mail>\r\n" +
            (parts is [_, { Length: > 0 } parent, ..] ? $"In-Reply-To: <{parent}@mail>\r\n" : "") +
            (parts is [_, _, var references] ? $"References: <{references.Replace(",", "@mail>\r\n <", StringComparison.Ordinal)}@mail>\r\n" : "") +
            "\r\nBody.\r\n";
        return new Made($"0.{number}", char.IsUpper(mail[0]) ? TakesAnswers : TakesAll, "Inbox", Encoding.ASCII.GetBytes(text));
    }

    private static string Hash(byte[] raw) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(raw));
}
