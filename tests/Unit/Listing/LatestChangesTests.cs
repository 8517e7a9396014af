using System.Collections.Immutable;
using EmailTracking.Listing;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Listing;

/// <summary>What is told of changes behind a mark, and when it is not known any more.</summary>
public sealed class LatestChangesTests
{
    private readonly LatestChanges _changes = new("run");

    [Fact]
    public void Changes_are_read_page_by_page_each_once()
    {
        var start = _changes.End;
        var added = Some(LatestChanges.PageMax + 3);
        _changes.Add(added);

        var first = _changes.Read(start);
        var second = _changes.Read(first.Mark);
        Assert.Equal(added, first.Changes.Concat(second.Changes));
        Assert.Equal(_changes.End, second.Mark);
        Assert.Empty(_changes.Read(second.Mark).Changes);
    }

    [Fact]
    public void What_is_kept_no_longer_is_not_told_in_part()
    {
        var start = _changes.End;
        _changes.Add(Some(LatestChanges.KeptMax));
        Assert.True(_changes.Read(start).IsWhole);
        _changes.Add(Some(1));
        Assert.Equal((false, _changes.End), (_changes.Read(start).IsWhole, _changes.Read(start).Mark));
        Assert.Empty(_changes.Read(start).Changes);
    }

    [Fact]
    public void Marks_of_others_and_of_what_is_to_come_are_not_known()
    {
        Assert.False(_changes.Read(ListMark.Unknown).IsWhole);
        Assert.False(_changes.Read(new ListMark("other", 0)).IsWhole);
        Assert.False(_changes.Read(new ListMark("run", 1)).IsWhole);
    }

    [Fact]
    public void Who_waits_is_told_once_there_is_something()
    {
        var more = _changes.More;
        _changes.Add([]);
        Assert.False(more.IsCompleted);
        _changes.Add(Some(1));
        Assert.True(more.IsCompleted);
        Assert.False(_changes.More.IsCompleted);
    }

    [Theory]
    [InlineData("run.7", true)]
    [InlineData("a.b.7", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("7", false)]
    [InlineData(".7", false)]
    [InlineData("run.-7", false)]
    [InlineData("run.99999999999999999999", false)]
    public void A_mark_is_read_as_it_is_written(string? text, bool isOne)
    {
        Assert.Equal(isOne, ListMark.TryParse(text, out var mark));
        Assert.Equal(isOne ? text : null, mark?.ToString());
    }

    private static ImmutableArray<ListChange> Some(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new ListChange(MessageKey.OfHeaders("", [], null, $"{i}"), []))];
}
