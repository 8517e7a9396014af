using CsCheck;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class CopiesTests
{
    // Few ids, so that copies name the same ones. A token stands for a mail that the copies do not name otherwise.
    private static readonly Gen<Letter> GenCopy =
        from answers in Gen.Int[0, 4].Array[0, 3]
        from references in Gen.Int[0, 4].Array[0, 3]
        from minute in Gen.Int[0, 3]
        from to in Gen.Int[0, 3].Array[0, 3]
        from index in Gen.Int[0, 3]
        from list in Gen.Bool
        select (An.Email("m") with { Date = minute == 0 ? null : An.Email("m").Minute(minute).Date })
            .Answering([.. answers.Select(i => An.Email($"r{i}"))])
            .Naming([.. references.Select(i => An.Email($"r{i}"))])
            .To([.. to.Select(i => $"u{i}@h{i}.example")])
            .OnList(list ? ["dev.lists.org"] : []) with
            {
                Index = index == 0 ? null : An.Email("m").Indexed(1, index - 1).Index,
            };

    private static readonly Gen<(ThreadFacts Facts, MessageKey Digest)> GenFacts =
        from copy in GenCopy
        from token in Gen.Int[0, 3]
        select (WithToken(copy.Facts.Thread, token), copy.Facts.Digest);

    private static ThreadFacts WithToken(ThreadFacts facts, int token) => token switch
    {
        0 => facts,
        1 => Copies.WithRelayed(facts, [new Claim(An.Email("r1").Key, ClaimKind.InReplyTo), new Claim(An.Email("list").Key, ClaimKind.References)]),
        _ => facts with { Claims = facts.Claims.Add(new Claim(An.Email($"token{token}").Key, ClaimKind.Token)) },
    };

    private static (ThreadFacts Facts, MessageKey Digest) Join(
        (ThreadFacts Facts, MessageKey Digest) one, (ThreadFacts Facts, MessageKey Digest) other) =>
        (Copies.Join(one.Facts, one.Digest, other.Facts, other.Digest), one.Digest <= other.Digest ? one.Digest : other.Digest);

    private static void Same((ThreadFacts Facts, MessageKey Digest) one, (ThreadFacts Facts, MessageKey Digest) other)
    {
        Assert.Equal(one.Digest, other.Digest);
        Assert.Equal<Claim>(one.Facts.Claims, other.Facts.Claims);
        Assert.Equal(one.Facts with { Claims = [] }, other.Facts with { Claims = [] });
    }

    // Equal digests mean equal copies: two that differ in their token alone would not be.
    private static bool Differ(params (ThreadFacts Facts, MessageKey Digest)[] copies) =>
        copies.Select(copy => copy.Digest).Distinct().Count() == copies.Length;

    [Fact]
    public void Which_copy_came_first_makes_no_difference() => Gen.Select(GenFacts, GenFacts)
        .Where((one, other) => Differ(one, other))
        .Sample((one, other) => Same(Join(one, other), Join(other, one)), iter: 1000);

    [Fact]
    public void How_copies_are_grouped_makes_no_difference() => Gen.Select(GenFacts, GenFacts, GenFacts)
        .Where((one, two, three) => Differ(one, two, three))
        .Sample((one, two, three) => Same(Join(Join(one, two), three), Join(one, Join(two, three))), iter: 1000);

    [Fact]
    public void A_copy_again_changes_nothing() => Gen.Select(GenFacts, GenFacts)
        .Where((one, other) => Differ(one, other))
        .Sample(
            (one, other) =>
            {
                Same(one, Join(one, one));
                Same(Join(one, other), Join(Join(one, other), other));
                Same(Join(one, other), Join(Join(one, other), one));
            },
            iter: 1000);

    [Fact]
    public void What_only_the_other_copy_names_comes_last_and_is_marked()
    {
        var mail = An.Email("m").Answering(An.Email("r1"));
        var copy = mail.CopyThat(leads: false, one => one.Answering(An.Email("r2")).Naming(An.Email("r1")));
        var claims = Join((mail.Facts.Thread, mail.Facts.Digest), (copy.Facts.Thread, copy.Facts.Digest)).Facts.Claims;
        Assert.Equal<Claim>(
            [new(An.Email("r1").Key, ClaimKind.InReplyTo), new(An.Email("r2").Key, ClaimKind.OtherCopy)], claims);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_date_is_the_earliest_and_voice_and_ground_are_those_of_all(bool leads)
    {
        var mail = An.Email("m").Minute(5).To("bo@fabrikam.com");
        var copy = mail.CopyThat(leads, one => one.Minute(3).Cc("di@gmail.com"));
        var joined = Join((mail.Facts.Thread, mail.Facts.Digest), (copy.Facts.Thread, copy.Facts.Digest)).Facts;
        Assert.Equal(copy.Date, joined.SentOn);
        Assert.True(joined.Ground.Meets(An.Email("r").From("di@gmail.com").Facts.Thread.Voice));
        Assert.True(joined.Ground.Meets(An.Email("r").From("bo@fabrikam.com").Facts.Thread.Voice));
        Assert.True(joined.Voice.Meets(An.Email("r").OnList("di@gmail.com").Facts.Thread.Ground));
    }

    [Fact]
    public void A_readable_date_wins_over_none()
    {
        var mail = An.Email("m") with { Date = null };
        var copy = mail.CopyThat(leads: false, one => one.Minute(3));
        Assert.Equal(copy.Date, Join((mail.Facts.Thread, mail.Facts.Digest), (copy.Facts.Thread, copy.Facts.Digest)).Facts.SentOn);
        Assert.Equal(copy.Date, Join((copy.Facts.Thread, copy.Facts.Digest), (mail.Facts.Thread, mail.Facts.Digest)).Facts.SentOn);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_id_that_was_near_in_a_copy_that_no_longer_leads_holds_nobody_by_it(bool copyLast)
    {
        // Two mails name an unseen id. One of them named it near until another copy, which leads, named another id near.
        var unseen = An.Email("unseen");
        var mail = An.Email("m").From("eve@tailspin.com").Answering(unseen);
        var copy = mail.CopyThat(leads: true, one => one.Answering(An.Email("lost")));
        var other = An.Email("other").From("bo@fabrikam.com").Answering(unseen).Minute(9);
        var story = new Story().Mailbox("sales@contoso.com").Mailbox("ana@contoso.com");
        story.See(mail);
        story.See(copyLast ? other : copy, "ana@contoso.com");
        story.See(copyLast ? copy : other, "ana@contoso.com");
        Assert.False(story.AreTogether(mail, other));
    }
}
