using System.Collections.Immutable;
using EmailTracking.Erasing;
using EmailTracking.Storage;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>Records what is to be erased, and answers as it is told.</summary>
internal sealed class FakeErasures : IErasureGrain
{
    public List<ErasureCall> Calls { get; } = [];

    public ErasurePreview Previewed { get; set; } = new(0, 0, 0, [], [], null);

    public ErasureAnswer Answer { get; set; } = new(null, [], null);

    public Erasure? Found { get; set; }

    public ImmutableArray<Erasure> History { get; set; } = [];

    public Task<ErasurePreview> PreviewAsync(string address, CancellationToken cancellationToken) => Task.FromResult(Previewed);

    public Task<ErasureAnswer> EraseAsync(ErasureCall call, CancellationToken cancellationToken)
    {
        Calls.Add(call);
        return Task.FromResult(Answer);
    }

    public Task<Erasure?> FindAsync(Guid erasure, CancellationToken cancellationToken) => Task.FromResult(Found);

    public Task<ImmutableArray<Erasure>> ReadHistoryAsync(int countMax, CancellationToken cancellationToken) => Task.FromResult(History);

    public Task WakeAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
