using Microsoft.Extensions.Options;

namespace EmailTracking.Preview;

/// <summary>How many previews are open on this silo: each takes one place, and gives it back.</summary>
public sealed class PreviewPlaces(IOptions<PreviewOptions> options)
{
    private int _taken;

    /// <summary>Takes a place.</summary>
    /// <returns>False when all are taken.</returns>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= options.Value.SessionsMax)
        {
            return true;
        }

        GiveBack();
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void GiveBack() => Interlocked.Decrement(ref _taken);
}
