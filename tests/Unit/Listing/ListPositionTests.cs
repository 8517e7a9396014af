using CsCheck;
using EmailTracking.Listing;

namespace EmailTracking.Tests.Unit.Listing;

/// <summary>Where an email stands.</summary>
public sealed class ListPositionTests
{
    private static readonly DateTimeOffset Received = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_date_counts_unless_it_is_absent_or_behind_the_receipt()
    {
        Assert.Equal(ListPosition.Start(Received.AddHours(-1)), ListPosition.Of(Received.AddHours(-1), Received, 0));
        Assert.Equal(ListPosition.Start(Received), ListPosition.Of(null, Received, 0));
        Assert.Equal(ListPosition.Start(Received), ListPosition.Of(Received.AddHours(1), Received, 0));
    }

    [Fact]
    public void Positions_are_in_the_order_of_seconds_and_no_row_leaves_its_second() =>
        Gen.Select(Gen.Int[-4_000_000, 4_000_000], Gen.Int[-4_000_000, 4_000_000], Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue]).Sample(
            (one, other, row, otherRow) =>
            {
                var (a, b) = (ListPosition.Of(Received.AddMinutes(one), DateTimeOffset.MaxValue, row), ListPosition.Of(Received.AddMinutes(other), DateTimeOffset.MaxValue, otherRow));
                Assert.Equal(one == other, ListPosition.IsSameSecond(a, b));
                Assert.True(one == other || a < b == one < other);
            });

    [Fact]
    public void The_first_and_the_last_date_have_a_position()
    {
        Assert.True(ListPosition.Of(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, long.MaxValue) < ListPosition.Start(Received));
        Assert.True(ListPosition.Of(null, DateTimeOffset.MaxValue, 0) > ListPosition.Start(Received));
    }
}
