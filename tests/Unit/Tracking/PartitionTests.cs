using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>The three rules of threads, one row a rule. Ana writes to Bo and to Cy; Eve took part in nothing.</summary>
public sealed class PartitionTests
{
    private static readonly Letter ToBo = An.Email("toBo").From("ana@contoso.com").To("bo@fabrikam.com").Minute(1);
    private static readonly Letter ToCy = An.Email("toCy").From("ana@contoso.com").To("cy@tailspin.com").Minute(2);
    private static readonly Letter Lost = An.Email("lost");
    private static readonly Letter FromBo = An.Email("fromBo").From("bo@fabrikam.com").Minute(10);
    private static readonly Letter FromEve = An.Email("fromEve").From("eve@evil.example").Minute(10);

    private static Partition Solve(params Letter[] letters) => Partition.Solve(letters.Select(letter => letter.Member));

    private static bool Together(Partition partition, Letter one, Letter other) =>
        partition.Conversation(partition.IndexOf(one.Key)) == partition.Conversation(partition.IndexOf(other.Key));

    private static Admission AdmissionOf(Partition partition, Letter letter) => partition.Admission(partition.IndexOf(letter.Key));

    [Fact]
    public void A_mail_that_names_nobody_starts_a_conversation()
    {
        var partition = Solve(ToBo, ToCy);
        Assert.Equal(Admission.Starts, AdmissionOf(partition, ToBo));
        Assert.False(Together(partition, ToBo, ToCy));
    }

    [Fact]
    public void A_mail_hangs_from_its_near_id_and_its_sender_may_speak_there()
    {
        var answer = FromBo.Answering(ToBo);
        var partition = Solve(ToBo, answer);
        Assert.True(Together(partition, ToBo, answer));
        Assert.Equal(Admission.Ground, AdmissionOf(partition, answer));
    }

    [Fact]
    public void A_stranger_hangs_from_the_near_id_too_and_is_held()
    {
        var answer = FromEve.Answering(ToBo);
        var partition = Solve(ToBo, answer);
        Assert.True(Together(partition, ToBo, answer));
        Assert.Equal(Admission.Held, AdmissionOf(partition, answer));
    }

    [Fact]
    public void An_unseen_near_id_holds_together_those_who_hang_from_it()
    {
        var (one, other) = (FromBo.Answering(Lost), FromEve.Answering(Lost));
        var partition = Solve(one, other);
        Assert.True(Together(partition, one, other));
        Assert.Equal(Admission.AnswersUnseen, AdmissionOf(partition, other));
    }

    [Fact]
    public void Only_the_first_id_is_near()
    {
        // In-Reply-To of two ids: the second is as far as any of References.
        var answer = FromEve.Answering(ToBo, ToCy);
        Assert.False(Together(Solve(ToBo, ToCy, answer), ToCy, answer));
    }

    [Theory]
    [InlineData("bo@fabrikam.com",  true)]     // Took part in both.
    [InlineData("xu@fabrikam.com",  true)]     // A colleague of one who did.
    [InlineData("ana@contoso.com",  true)]
    [InlineData("eve@evil.example", false)]    // Held, so nothing far counts.
    public void A_far_id_joins_with_ground_at_both_ends(string sender, bool joined)
    {
        var other = An.Email("other").From("ana@contoso.com").To("bo@fabrikam.com").Minute(3);
        var answer = FromBo.From(sender).Answering(ToBo).Naming(other);
        Assert.Equal(joined, Together(Solve(ToBo, other, answer), ToBo, other));
    }

    [Fact]
    public void A_far_id_without_ground_there_does_not_join()
    {
        // Bo may speak to Ana's mail to him, not to her mail to Cy.
        var answer = FromBo.Answering(ToBo).Naming(ToCy);
        var partition = Solve(ToBo, ToCy, answer);
        Assert.False(Together(partition, ToBo, ToCy));
        Assert.Equal(Admission.Ground, AdmissionOf(partition, answer));
        Assert.True(partition.IsOpen(partition.IndexOf(answer.Key), 1));
        Assert.False(partition.IsOpen(partition.IndexOf(answer.Key), 0));
    }

    [Fact]
    public void A_far_id_of_a_held_mail_does_not_join()
    {
        var held = FromEve.Answering(ToBo);
        var start = An.Email("start").From("eve@evil.example").Minute(11).Naming(held, Lost);
        Assert.False(Together(Solve(ToBo, held, start), held, start));
    }

    [Fact]
    public void A_stranger_who_names_two_customers_threads_joins_neither_and_merges_nothing()
    {
        var answer = FromEve.Answering(Lost).Naming(ToBo, ToCy);
        var partition = Solve(ToBo, ToCy, answer);
        Assert.False(Together(partition, ToBo, ToCy));
        Assert.False(Together(partition, ToBo, answer));
        Assert.False(Together(partition, ToCy, answer));
        Assert.All(
            Correlation.Decide(partition), correlation => Assert.Equal(Correlation.None, correlation));
    }

    [Theory]
    //          the other who names the lost mail; who names it far     -> joined
    [InlineData("bo@fabrikam.com",  "bo@fabrikam.com",                     true)]     // The same person.
    [InlineData("xu@fabrikam.com",  "bo@fabrikam.com",                     true)]     // Colleagues.
    [InlineData("eve@evil.example", "bo@fabrikam.com",                     false)]
    public void Far_through_a_mail_that_nobody_has_shown_us_joins_with_ground_between_those_who_name_it(
        string other, string sender, bool joined)
    {
        var near = An.Email("near").From(other).Answering(Lost).Minute(5);
        var far = FromBo.From(sender).Answering(An.Email("lost too")).Naming(Lost);
        Assert.Equal(joined, Together(Solve(near, far), near, far));
    }

    [Fact]
    public void Ground_between_those_who_name_an_unseen_mail_counts_in_either_direction()
    {
        // Cy wrote to Bo, so Bo may speak to Cy's mail; that Cy names the id far and Bo near makes no difference.
        var near = FromBo.Answering(Lost);
        var far = An.Email("far").From("cy@tailspin.com").To("bo@fabrikam.com").Answering(An.Email("lost too")).Naming(Lost);
        Assert.True(Together(Solve(near, far), near, far));
    }

    [Fact]
    public void Two_far_names_of_an_unseen_mail_join_with_ground()
    {
        var one = FromBo.Answering(An.Email("lost 1")).Naming(Lost);
        var two = FromBo.Answering(An.Email("lost 2")).Naming(Lost) with { MessageId = "<two@mail>" };
        var eves = FromEve.Answering(An.Email("lost 3")).Naming(Lost);
        var partition = Solve(one, two, eves);
        Assert.True(Together(partition, one, two));
        Assert.False(Together(partition, one, eves));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_held_mail_joins_nobody_through_an_unseen_mail(bool isNear)
    {
        var held = FromEve.Answering(ToBo).Naming(Lost);
        var friend = An.Email("friend").From("eve@evil.example").Minute(12);
        friend = isNear ? friend.Answering(Lost) : friend.Answering(An.Email("lost too")).Naming(Lost);
        Assert.False(Together(Solve(ToBo, held, friend), held, friend));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Our_users_join_whoever_names_the_unseen_mail(bool userIsNear, bool userIsFar)
    {
        var near = An.Email("near").From("cy@tailspin.com").Answering(Lost).Minute(5) with { IsUsers = userIsNear };
        var far = FromBo.Answering(An.Email("lost too")).Naming(Lost) with { IsUsers = userIsFar };
        Assert.True(Together(Solve(near, far), near, far));
    }

    [Fact]
    public void Our_user_is_admitted_everywhere_and_joins_what_he_names()
    {
        var answer = An.Email("users").FromOurUser("ben@contoso.example").Answering(ToBo).Naming(ToCy).Minute(10);
        var partition = Solve(ToBo, ToCy, answer);
        Assert.Equal(Admission.Ground, AdmissionOf(partition, answer));
        Assert.True(Together(partition, ToBo, ToCy));
    }

    [Fact]
    public void A_list_that_carried_the_mail_is_ground()
    {
        var posted = ToBo.OnList("dev.lists.org");
        var answer = FromEve.To("dev@lists.org").Answering(posted);
        Assert.Equal(Admission.Ground, AdmissionOf(Solve(posted, answer), answer));
    }

    [Fact]
    public void Friends_of_a_held_mail_stay_held()
    {
        var held = FromEve.To("mallory@evil.test").Answering(ToBo);
        var friend = An.Email("friend").From("mallory@evil.test").Answering(held).Minute(11);
        var partition = Solve(ToBo, held, friend);
        Assert.True(Together(partition, ToBo, friend));
        Assert.Equal(Admission.Held, AdmissionOf(partition, friend));
    }

    [Fact]
    public void A_person_lets_a_held_mail_in_and_with_it_those_who_stand_on_it()
    {
        var held = FromEve.To("mallory@evil.test").Answering(ToBo).AdmittedByHand();
        var friend = An.Email("friend").From("mallory@evil.test").Answering(held).Minute(11);
        var partition = Solve(ToBo, held, friend);
        Assert.Equal(Admission.ByHand, AdmissionOf(partition, held));
        Assert.Equal(Admission.Ground, AdmissionOf(partition, friend));
    }

    [Fact]
    public void Ground_is_looked_for_at_every_mail_that_is_named_in_the_conversation()
    {
        // Cy answers Eve's held mail, and names the first, in which he took part.
        var first = ToBo.Cc("cy@tailspin.com");
        var held = FromEve.Answering(first);
        var answer = An.Email("cys").From("cy@tailspin.com").Answering(held).Naming(first, held).Minute(11);
        Assert.Equal(Admission.Ground, AdmissionOf(Solve(first, held, answer), answer));
    }

    [Fact]
    public void Ground_in_another_conversation_admits_nobody_here()
    {
        var cys = An.Email("cys").From("cy@tailspin.com").Answering(ToBo).Naming(ToCy).Minute(11);
        var partition = Solve(ToBo, ToCy, cys);
        Assert.Equal(Admission.Held, AdmissionOf(partition, cys));
        Assert.False(Together(partition, ToBo, ToCy));
    }

    [Fact]
    public void A_circle_of_answers_holds_all_that_stand_on_it()
    {
        var one = An.Email("one").Answering(An.Email("two"));
        var two = An.Email("two").Answering(one);
        var partition = Solve(one, two);
        Assert.True(Together(partition, one, two));
        Assert.Equal(Admission.Held, AdmissionOf(partition, one));
        Assert.Equal(Admission.Held, AdmissionOf(partition, two));
    }

    [Fact]
    public void Three_hundred_answers_through_lost_mails_join_in_one_pass_each()
    {
        Letter[] many = [.. Enumerable.Range(0, 300).Select(i =>
            (FromBo with { MessageId = $"<many{i}@mail>" }).Answering(An.Email($"lost{i}")).Naming(Lost))];
        var partition = Solve(many);
        Assert.Single(many.Select(one => partition.Conversation(partition.IndexOf(one.Key))).Distinct());
    }
}
