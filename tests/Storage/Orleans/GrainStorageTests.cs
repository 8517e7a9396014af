using Orleans.Storage;

namespace EmailTracking.Tests.Storage.Orleans;

/// <summary>What grain state promises, on either database.</summary>
public abstract class GrainStorageTests
{
    protected const int Racers = 16;
    protected const string StateName = "tally";

    protected abstract IGrainStorage Storage { get; }

    [Fact]
    public async Task A_grain_that_never_wrote_has_no_state()
    {
        var read = await ReadAsync(Id("absent"));

        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
    }

    [Fact]
    public async Task What_was_written_is_read_back()
    {
        var written = await WriteAsync(Id("back"), New(3));

        var read = await ReadAsync(Id("back"));

        Assert.Equal((3, written.ETag, true), (read.State!.Sum, read.ETag, read.RecordExists));
    }

    [Fact]
    public async Task Of_racing_first_writes_one_counts_and_the_others_conflict()
    {
        var won = await Task.WhenAll(Enumerable.Range(0, Racers).Select(number => Task.Run(() => TryWriteAsync(Id("first"), New(number)))));

        Assert.Single(won, true);
        Assert.Equal(Array.IndexOf(won, true), await SumAsync(Id("first")));
    }

    [Fact]
    public async Task Of_racing_updates_one_counts_and_the_others_conflict()
    {
        await WriteAsync(Id("update"), New(0));
        var views = await Task.WhenAll(Enumerable.Range(0, Racers).Select(_ => ReadAsync(Id("update"))));

        var won = await Task.WhenAll(views.Select((view, number) => Task.Run(() =>
        {
            view.State!.Sum = number;
            return TryWriteAsync(Id("update"), view);
        })));

        Assert.Single(won, true);
        Assert.Equal(Array.IndexOf(won, true), await SumAsync(Id("update")));
    }

    [Fact]
    public async Task A_version_of_a_row_that_is_gone_writes_nothing()
    {
        var view = New(1);
        view.ETag = "1";

        Assert.False(await TryWriteAsync(Id("gone"), view));
        Assert.False((await ReadAsync(Id("gone"))).RecordExists);
    }

    [Fact]
    public async Task Cleared_state_is_absent_and_can_be_written_again()
    {
        var state = await WriteAsync(Id("cleared"), New(3));
        await Storage.ClearStateAsync(StateName, Id("cleared"), state);
        var cleared = await ReadAsync(Id("cleared"));
        Assert.False(cleared.RecordExists);

        cleared.State!.Sum = 4;
        await WriteAsync(Id("cleared"), cleared);

        Assert.Equal(4, await SumAsync(Id("cleared")));
    }

    [Fact]
    public async Task An_activation_from_before_a_clear_conflicts()
    {
        var state = await WriteAsync(Id("before"), New(3));
        var stale = await ReadAsync(Id("before"));
        await Storage.ClearStateAsync(StateName, Id("before"), state);

        Assert.False(await TryWriteAsync(Id("before"), stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync(StateName, Id("before"), stale));
    }

    [Fact]
    public async Task Keys_of_every_kind_are_kept_apart()
    {
        IdSpan[] keys =
        [
            IdSpan.Create("a"),
            GrainIdKeyExtensions.CreateIntegerKey(0),
            GrainIdKeyExtensions.CreateIntegerKey(0, "a"),
            GrainIdKeyExtensions.CreateGuidKey(Guid.Empty, "a"),
            GrainIdKeyExtensions.CreateIntegerKey(long.MinValue),
            GrainIdKeyExtensions.CreateGuidKey(new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff")),
        ];
        var ids = keys.Select(key => new GrainId(GrainType.Create("kinds"), key)).ToArray();
        foreach (var (number, id) in ids.Index())
        {
            await WriteAsync(id, New(number));
        }

        var sums = new List<int>();
        foreach (var id in ids)
        {
            sums.Add(await SumAsync(id));
        }

        Assert.Equal(Enumerable.Range(0, ids.Length), sums);
    }

    [Fact]
    public async Task Two_states_of_one_grain_are_kept_apart()
    {
        await WriteAsync(Id("two"), New(1));
        await Storage.WriteStateAsync("other", Id("two"), New(2));

        Assert.Equal(1, await SumAsync(Id("two")));
    }

    protected static GrainId Id(string key) => GrainId.Create("tally", $"s:{key}");

    protected static GrainState<Tally> New(int sum) => new() { State = new Tally { Sum = sum } };

    protected async Task<GrainState<Tally>> ReadAsync(GrainId id)
    {
        var state = new GrainState<Tally>();
        await Storage.ReadStateAsync(StateName, id, state);
        return state;
    }

    protected async Task<int> SumAsync(GrainId id) => (await ReadAsync(id)).State!.Sum;

    protected async Task<GrainState<Tally>> WriteAsync(GrainId id, GrainState<Tally> state)
    {
        await Storage.WriteStateAsync(StateName, id, state);
        return state;
    }

    /// <returns>False when the provider reports the conflict in the one way that grains understand.</returns>
    protected async Task<bool> TryWriteAsync(GrainId id, GrainState<Tally> state)
    {
        try
        {
            await WriteAsync(id, state);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }
}
