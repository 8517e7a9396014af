using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class CorrelationTests
{
    private const string Bo = "bo@fabrikam.com";

    /// <summary>Three mails to Bo that nothing ties together, and which are tied by the answer that names them.</summary>
    private static readonly Letter One = An.Email("1").To(Bo).Minute(1);
    private static readonly Letter Two = An.Email("2").To(Bo).Minute(2);
    private static readonly Letter Three = An.Email("3").To(Bo).Minute(3);

    private static Correlation Of(Letter letter, params ThreadMember[] members)
    {
        var partition = Partition.Solve(members);
        return Correlation.Decide(partition)[partition.IndexOf(letter.Key)];
    }

    [Theory]
    //          In-Reply-To  References  token  index  other copy  -> answers  method
    [InlineData("1",         "2",        "3",   "4",   "5",           "1", CorrelationMethod.InReplyTo)]     // A header outweighs a token.
    [InlineData("",          "2",        "3",   "4",   "5",           "2", CorrelationMethod.CustomCorrelation)]
    [InlineData("",          "",         "3",   "4",   "5",           "3", CorrelationMethod.TrackingToken)]
    [InlineData("",          "",         "",    "4",   "5",           "4", CorrelationMethod.ConversationIndex)]
    [InlineData("",          "",         "",    "",    "5",           "5", CorrelationMethod.CustomCorrelation)]
    [InlineData("1 2",       "3",        "",    "",    "",            "1", CorrelationMethod.InReplyTo)]     // The first of two ids.
    [InlineData("lost 2",    "1",        "",    "",    "",            "2", CorrelationMethod.InReplyTo)]     // The first that we have.
    [InlineData("lost",      "1 2",      "",    "",    "",            "2", CorrelationMethod.CustomCorrelation)]    // freescout#4020; nearest first,
    [InlineData("",          "2 1",      "",    "",    "",            "1", CorrelationMethod.CustomCorrelation)]    // not latest first.
    [InlineData("",          "2 lost",   "",    "",    "",            "2", CorrelationMethod.CustomCorrelation)]
    [InlineData("lost",      "",         "3",   "",    "",            "3", CorrelationMethod.TrackingToken)]
    [InlineData("",          "lost",     "",    "4",   "",            "4", CorrelationMethod.ConversationIndex)]
    [InlineData("",          "",         "",    "",    "",            "",  CorrelationMethod.None)]
    public void The_most_certain_key_decides(
        string answers, string references, string token, string index, string copy, string expected, CorrelationMethod method)
    {
        Letter[] others = [One, Two, Three, An.Email("4").To(Bo).Minute(4).Indexed(1, 0), An.Email("5").To(Bo).Minute(5)];
        var letter = An.Email("answer").From(Bo).Minute(10) with
        {
            Answers = Ids(answers), References = Ids(references), Index = index.Length > 0 ? An.Email("x").Indexed(1, 1).Index : null,
        };
        var facts = letter.Member.Facts;
        facts = facts with
        {
            Claims =
            [
                .. facts.Claims,
                .. Ids(token).Select(id => new Claim(An.Email(id.Trim('<', '>').Split('@')[0]).Key, ClaimKind.Token)),
                .. Ids(copy).Select(id => new Claim(An.Email(id.Trim('<', '>').Split('@')[0]).Key, ClaimKind.OtherCopy)),
            ],
        };
        var correlation = Of(letter, [.. others.Select(other => other.Member), new ThreadMember(facts)]);
        Assert.Equal(method, correlation.Method);
        Assert.Equal(expected.Length > 0 ? An.Email(expected).Key : null, correlation.Email);

        // Dataverse column parentactivityid: for In-Reply-To, References and the index; never for a token.
        Assert.Equal(
            method is CorrelationMethod.InReplyTo or CorrelationMethod.ConversationIndex ||
                (method == CorrelationMethod.CustomCorrelation && copy != expected),
            correlation.IsParent);

        static System.Collections.Immutable.ImmutableArray<string> Ids(string names) =>
            [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => An.Email(name).MessageId!)];
    }

    [Fact]
    public void Two_answers_to_a_lost_mail_belong_together_and_the_later_one_correlates_to_the_earlier()
    {
        // zammad#5716, MailFathom#895: one thread with a root that nobody has shown us.
        var lost = An.Email("lost");
        var (first, second) = (An.Email("a").From(Bo).Answering(lost).Minute(1), An.Email("b").From(Bo).Answering(lost).Minute(2));
        Assert.Equal(Correlation.None, Of(first, first.Member, second.Member));
        Assert.Equal(
            new Correlation(CorrelationMethod.CustomCorrelation, first.Key, IsParent: false, Grounded: true),
            Of(second, first.Member, second.Member));
    }

    [Theory]
    [InlineData(0, CorrelationMethod.None)]                 // The first mail of a conversation answers nothing by its index.
    [InlineData(1, CorrelationMethod.ConversationIndex)]
    public void By_index_replies_correlate_to_the_earliest_mail(int depth, CorrelationMethod method)
    {
        var (early, late) = (One.Indexed(1, 2), Two.Indexed(1, 3));
        var answer = An.Email("answer").From(Bo).Minute(9).Indexed(1, depth);
        var correlation = Of(answer, early.Member, late.Member, answer.Member);
        Assert.Equal(method, correlation.Method);
        Assert.Equal(method == CorrelationMethod.None ? null : early.Key, correlation.Email);
    }

    [Fact]
    public void A_mail_of_another_conversation_is_no_evidence()
    {
        var eves = An.Email("eves").From("eve@evil.example").Answering(An.Email("lost")).Naming(One).Minute(5);
        Assert.Equal(Correlation.None, Of(eves, One.Member, eves.Member));
    }

    [Fact]
    public void A_circle_of_answers_is_opened_at_the_mail_with_the_greatest_key()
    {
        for (var turn = 0; turn < 10; turn++)
        {
            Letter[] circle = [An.Email($"a{turn}").Minute(1), An.Email($"b{turn}").Minute(2), An.Email($"c{turn}").Minute(3)];
            circle = [.. circle.Select((letter, i) => letter.Answering(circle[(i + 1) % 3]))];
            var tail = An.Email("tail").Answering(circle[1]).Minute(0);
            ThreadMember[] members = [.. circle.Append(tail).Select(letter => letter.Member)];
            var greatest = circle.MaxBy(letter => letter.Key)!;
            Assert.Equal(Correlation.None, Of(greatest, members));
            Assert.All(
                circle.Append(tail).Where(letter => letter != greatest),
                letter => Assert.Equal(CorrelationMethod.InReplyTo, Of(letter, members).Method));
        }
    }

    [Theory]
    //          the answer's sender   -> takes the regarding
    [InlineData("bo@fabrikam.com",       true)]
    [InlineData("eve@evil.example",      false)]    // Held.
    public void Only_who_may_speak_takes_the_regarding(string sender, bool grounded)
    {
        var answer = An.Email("answer").From(sender).Answering(One).Minute(9);
        Assert.Equal(grounded, Of(answer, One.Member, answer.Member).Grounded);
    }

    [Fact]
    public void Nobody_takes_the_regarding_of_a_held_mail()
    {
        var held = An.Email("held").From("eve@evil.example").To(Bo).Answering(One).Minute(5);
        var answer = An.Email("answer").From(Bo).Answering(held).Naming(One, held).Minute(9);
        var correlation = Of(answer, One.Member, held.Member, answer.Member);
        Assert.Equal(held.Key, correlation.Email);
        Assert.False(correlation.Grounded);
    }

    [Theory]
    [InlineData("bo@fabrikam.com", true)]
    [InlineData("eve@evil.example", false)]    // A seed: admitted, but without ground among the others.
    public void Through_a_lost_mail_the_regarding_is_taken_with_ground_only(string sender, bool grounded)
    {
        var lost = An.Email("lost");
        var first = An.Email("first").From("ana@contoso.com").To(Bo).Answering(lost).Minute(1);
        var second = An.Email("second").From(sender).Answering(lost).Minute(2);
        Assert.Equal(grounded, Of(second, first.Member, second.Member).Grounded);
    }

    [Fact]
    public void Whom_a_person_let_in_takes_the_regarding()
    {
        var answer = An.Email("answer").From("eve@evil.example").Answering(One).Minute(9).AdmittedByHand();
        Assert.True(Of(answer, One.Member, answer.Member).Grounded);
    }

    [Theory]
    [InlineData("Re: Order", false)]
    [InlineData("Fwd: [dev] Order", false)]
    [InlineData("Invoice", true)]    // suitenumerique PR#765: joined all the same.
    public void A_changed_subject_is_flagged_for_In_Reply_To(string subject, bool changed)
    {
        var first = An.Email("first").To(Bo).About("Order");
        var story = new Story();
        story.See(first);
        story.See(An.Email("answer").From(Bo).About(subject).Answering(first).Minute(1));
        story.See(An.Email("by reference").From(Bo).About("Invoice").Naming(first).Minute(2));
        Assert.Equal(changed, story.Of(An.Email("answer")).SubjectChanged);
        Assert.Equal(first.Key, story.Of(An.Email("answer")).Correlation.Email);
        Assert.False(story.Of(An.Email("by reference")).SubjectChanged);
    }

    [Fact]
    public void A_late_parent_adopts_its_children_whatever_they_were_tied_to()
    {
        var root = An.Email("root").To(Bo);
        var parent = An.Email("parent").From(Bo).To("ana@contoso.com").Answering(root).Minute(1);
        var child = An.Email("child").Answering(parent).Naming(root, parent).Minute(2);
        var sibling = An.Email("sibling").Answering(parent).Minute(3);
        var story = new Story();
        story.See(root);
        story.See(child);
        story.See(sibling);
        Assert.Equal((CorrelationMethod.CustomCorrelation, root.Key), (story.Of(child).Correlation.Method, story.Of(child).Correlation.Email));
        Assert.Equal(child.Key, story.Of(sibling).Correlation.Email);
        story.See(parent);
        Assert.All(
            new[] { child, sibling },
            one => Assert.Equal(
                (CorrelationMethod.InReplyTo, parent.Key), (story.Of(one).Correlation.Method, story.Of(one).Correlation.Email)));
        Assert.All(new[] { root, parent, child, sibling }, one => Assert.True(story.AreTogether(root, one)));
    }
}
