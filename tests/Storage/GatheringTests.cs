using EmailTracking.Silo.Storage;

namespace EmailTracking.Tests.Storage;

/// <summary>What comes while work is done is done together.</summary>
public sealed class GatheringTests : IDisposable
{
    private const int CountMax = 4;
    private const long WeightMax = 10;

    private readonly List<int[]> _batches = [];
    private readonly SemaphoreSlim _go = new(0);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _go.Dispose();

    private Gathering<int, string> Create(Func<IReadOnlyList<int>, string>? problem = null) => new(CountMax, WeightMax, item => item, async items =>
    {
        lock (_batches)
        {
            _batches.Add([.. items]);
        }

        _begun.TrySetResult();
        await _go.WaitAsync();
        return problem?.Invoke(items) is { Length: > 0 } text
            ? throw new InvalidOperationException(text)
            : [.. items.Select(item => $"done {item}")];
    });

    [Fact]
    public async Task Who_comes_alone_is_served_at_once_and_who_comes_meanwhile_goes_together()
    {
        var gathering = Create();
        var first = gathering.AddAsync(1, CancellationToken.None);
        await _begun.Task;
        Task<string>[] others = [gathering.AddAsync(2, CancellationToken.None), gathering.AddAsync(3, CancellationToken.None)];
        _go.Release(2);

        Assert.Equal("done 1", await first);
        Assert.Equal(["done 2", "done 3"], await Task.WhenAll(others));
        Assert.Equal([[1], [2, 3]], _batches);
    }

    [Fact]
    public async Task A_batch_is_bounded_by_count_and_by_weight_and_what_is_too_heavy_goes_alone()
    {
        var gathering = Create();
        Task<string>[] all = [gathering.AddAsync(1, CancellationToken.None)];
        await _begun.Task;
        int[] items = [0, 0, 0, 0, 0, 6, 6, 99];
        all = [.. all, .. items.Select(item => gathering.AddAsync(item, CancellationToken.None))];
        _go.Release(100);
        await Task.WhenAll(all);

        Assert.Equal([[1], [0, 0, 0, 0], [0, 6], [6], [99]], _batches);
    }

    [Fact]
    public async Task When_a_batch_fails_each_goes_alone_and_only_who_is_at_fault_is_told()
    {
        var gathering = Create(items => items.Contains(3) ? "three is wrong" : "");
        var first = gathering.AddAsync(1, CancellationToken.None);
        await _begun.Task;
        var (two, three, four) = (gathering.AddAsync(2, CancellationToken.None), gathering.AddAsync(3, CancellationToken.None), gathering.AddAsync(4, CancellationToken.None));
        _go.Release(100);

        Assert.Equal(["done 1", "done 2", "done 4"], await Task.WhenAll(first, two, four));
        Assert.Equal("three is wrong", (await Assert.ThrowsAsync<InvalidOperationException>(() => three)).Message);
        Assert.Equal("done 5", await gathering.AddAsync(5, CancellationToken.None));
    }

    [Fact]
    public async Task Who_gives_up_waits_no_longer_and_the_others_are_served()
    {
        var gathering = Create();
        using var stop = new CancellationTokenSource();
        var first = gathering.AddAsync(1, stop.Token);
        var second = gathering.AddAsync(2, CancellationToken.None);
        await _begun.Task;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _go.Release(2);
        Assert.Equal("done 2", await second);
    }
}
