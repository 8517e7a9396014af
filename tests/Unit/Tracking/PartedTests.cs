using System.Collections.Immutable;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>What people parted stays parted, whatever would join it.</summary>
public sealed class PartedTests
{
    private static readonly Letter ToBo = An.Email("toBo").From("ana@contoso.com").To("bo@fabrikam.com").Minute(1);
    private static readonly Letter Lost = An.Email("lost");
    private static readonly Letter FromBo = An.Email("fromBo").From("bo@fabrikam.com").Minute(10);

    private static bool Together(Partition partition, Letter one, Letter other) =>
        partition.Conversation(partition.IndexOf(one.Key)) == partition.Conversation(partition.IndexOf(other.Key));

    private static Ruling Parting(Letter one, Letter other) => Said(1, [one], [other]);

    private static Ruling Said(int minute, params Letter[][] sides) => new(
        DateTimeOffset.UnixEpoch.AddMinutes(minute), new Guid(minute, 0, 0, new byte[8]), [.. sides.Select(side => side.Select(letter => letter.Key).ToImmutableArray())]);

    [Fact]
    public void What_people_parted_is_joined_by_no_near_id()
    {
        var answer = FromBo.Answering(ToBo);
        var partition = Partition.Solve([ToBo.Member, answer.Member], [Parting(ToBo, answer)]);
        Assert.False(Together(partition, ToBo, answer));
        Assert.True(partition.IsOpen(partition.IndexOf(answer.Key), 0));
    }

    [Fact]
    public void What_people_parted_is_joined_by_no_far_id_and_by_no_third_mail()
    {
        var other = An.Email("other").From("ana@contoso.com").To("bo@fabrikam.com").Minute(3);
        var answer = FromBo.Answering(ToBo).Naming(other);
        var partition = Partition.Solve([ToBo.Member, other.Member, answer.Member], [Parting(other, ToBo)]);
        Assert.True(Together(partition, ToBo, answer));
        Assert.False(Together(partition, ToBo, other));
    }

    [Fact]
    public void What_people_parted_is_joined_by_no_unseen_mail()
    {
        var (one, two) = (FromBo.Answering(Lost), FromBo.Answering(Lost) with { MessageId = "<two@mail>" });
        var three = FromBo.Answering(An.Email("lost too")).Naming(Lost) with { MessageId = "<three@mail>" };
        var partition = Partition.Solve([one.Member, two.Member, three.Member], [Parting(one, two)]);
        Assert.False(Together(partition, one, two));
    }

    [Fact]
    public void Those_who_are_no_members_part_nobody()
    {
        var answer = FromBo.Answering(ToBo);
        Assert.True(Together(
            Partition.Solve([ToBo.Member, answer.Member], [Parting(ToBo, Lost), Parting(Lost, answer)]), ToBo, answer));
    }

    [Fact]
    public void What_people_joined_is_together_without_any_claim()
    {
        var partition = Partition.Solve([ToBo.Member, FromBo.Member], [Said(1, [ToBo, FromBo])]);
        Assert.True(Together(partition, ToBo, FromBo));
    }

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(2, 1, false)]
    public void The_later_word_counts(int parted, int joined, bool together)
    {
        var partition = Partition.Solve(
            [ToBo.Member, FromBo.Member], [Said(parted, [ToBo], [FromBo]), Said(joined, [ToBo, FromBo])]);
        Assert.Equal(together, Together(partition, ToBo, FromBo));
    }

    [Fact]
    public void An_earlier_word_joins_no_more_of_a_side_than_a_later_one_leaves_together()
    {
        var third = An.Email("third").Minute(20);
        var partition = Partition.Solve(
            [ToBo.Member, FromBo.Member, third.Member], [Said(1, [ToBo, FromBo, third]), Said(2, [ToBo], [third])]);
        Assert.True(Together(partition, ToBo, FromBo));
        Assert.False(Together(partition, ToBo, third));
    }
}
