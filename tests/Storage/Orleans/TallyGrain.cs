using Orleans.Concurrency;

namespace EmailTracking.Tests.Storage.Orleans;

/// <summary>A number that outlives its activation, and a reminder that can be waited for.</summary>
[Alias("EmailTracking.Tests.Storage.Orleans.ITallyGrain")]
public interface ITallyGrain : IGrainWithStringKey
{
    [Alias("Add")]
    Task<int> AddAsync(int number);

    [Alias("ClearState")]
    Task ClearStateAsync();

    [Alias("Leave")]
    Task LeaveAsync();

    [Alias("Where")]
    Task<SiloAddress> WhereAsync();

    // A tick that is due before the reminder service has it is made up a period later.
    [AlwaysInterleave]
    [ResponseTimeout("00:02:00")]
    [Alias("WaitForTick")]
    Task WaitForTickAsync();
}

[GenerateSerializer]
[Alias("EmailTracking.Tests.Storage.Orleans.Tally")]
public sealed class Tally
{
    [Id(0)]
    public int Sum { get; set; }
}

public sealed class TallyGrain(
    [PersistentState("tally", TwoSilos.StorageName)] IPersistentState<Tally> tally,
    ILocalSiloDetails silo) : Grain, ITallyGrain, IRemindable
{
    private readonly TaskCompletionSource _tick = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<int> AddAsync(int number)
    {
        tally.State.Sum += number;
        await tally.WriteStateAsync();
        return tally.State.Sum;
    }

    public Task ClearStateAsync() => tally.ClearStateAsync();

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<SiloAddress> WhereAsync() => Task.FromResult(silo.SiloAddress);

    public async Task WaitForTickAsync()
    {
        var reminder = await this.RegisterOrUpdateReminder("tick", TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1));
        await _tick.Task;
        await this.UnregisterReminder(reminder);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _tick.TrySetResult();
        return Task.CompletedTask;
    }
}
