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

    [Fact]
    public void What_people_parted_is_joined_by_no_near_id()
    {
        var answer = FromBo.Answering(ToBo);
        var partition = Partition.Solve([ToBo.Member, answer.Member], [new Apart(ToBo.Key, answer.Key)]);
        Assert.False(Together(partition, ToBo, answer));
        Assert.True(partition.IsOpen(partition.IndexOf(answer.Key), 0));
    }

    [Fact]
    public void What_people_parted_is_joined_by_no_far_id_and_by_no_third_mail()
    {
        var other = An.Email("other").From("ana@contoso.com").To("bo@fabrikam.com").Minute(3);
        var answer = FromBo.Answering(ToBo).Naming(other);
        var partition = Partition.Solve([ToBo.Member, other.Member, answer.Member], [new Apart(other.Key, ToBo.Key)]);
        Assert.True(Together(partition, ToBo, answer));
        Assert.False(Together(partition, ToBo, other));
    }

    [Fact]
    public void What_people_parted_is_joined_by_no_unseen_mail()
    {
        var (one, two) = (FromBo.Answering(Lost), FromBo.Answering(Lost) with { MessageId = "<two@mail>" });
        var three = FromBo.Answering(An.Email("lost too")).Naming(Lost) with { MessageId = "<three@mail>" };
        var partition = Partition.Solve([one.Member, two.Member, three.Member], [new Apart(one.Key, two.Key)]);
        Assert.False(Together(partition, one, two));
    }

    [Fact]
    public void Those_who_are_no_members_part_nobody()
    {
        var answer = FromBo.Answering(ToBo);
        Assert.True(Together(
            Partition.Solve([ToBo.Member, answer.Member], [new Apart(ToBo.Key, Lost.Key), new Apart(Lost.Key, answer.Key)]), ToBo, answer));
    }
}
