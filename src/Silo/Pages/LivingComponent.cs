using Microsoft.AspNetCore.Components;

namespace EmailTracking.Silo.Pages;

/// <summary>A part of a page that stops what it asked for when it is gone.</summary>
public abstract class LivingComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    /// <summary>Makes it.</summary>
    protected LivingComponent() => Gone = _gone.Token;

    /// <summary>When it is gone.</summary>
    protected CancellationToken Gone { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="IDisposable.Dispose"/>
    /// <param name="isDisposing">Whether it is gone, and not only collected.</param>
    protected virtual void Dispose(bool isDisposing)
    {
        if (isDisposing && !_gone.IsCancellationRequested)
        {
            _gone.Cancel();
            _gone.Dispose();
        }
    }
}
