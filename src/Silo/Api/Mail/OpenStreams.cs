namespace EmailTracking.Silo.Api.Mail;

/// <summary>How many streams somebody has open.</summary>
internal sealed class OpenStreams
{
    /// <summary>How many one person or key may have open.</summary>
    public const int PerPrincipalMax = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>Opens one.</summary>
    /// <returns>What closes it; null when they have as many as they may.</returns>
    public IDisposable? TryOpen(string principal)
    {
        lock (_lock)
        {
            var count = _open.GetValueOrDefault(principal);
            if (count == PerPrincipalMax)
            {
                return null;
            }

            _open[principal] = count + 1;
            return new Opened(this, principal);
        }
    }

    private void Close(string principal)
    {
        lock (_lock)
        {
            if (--_open[principal] == 0)
            {
                _open.Remove(principal);
            }
        }
    }

    private sealed class Opened(OpenStreams streams, string principal) : IDisposable
    {
        public void Dispose() => streams.Close(principal);
    }
}
