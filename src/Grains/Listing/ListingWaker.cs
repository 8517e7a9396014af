using System.Collections.Concurrent;

namespace EmailTracking.Listing;

/// <summary>Wakes <see cref="IListingGrain"/> after commits of this silo: at once, and under load ten times a second.</summary>
/// <remarks>What is due is durable: a call that is lost costs at most the minute until the grain's reminder.</remarks>
public sealed class ListingWaker(IGrainFactory grains, TimeProvider time)
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, Waking> _organizations = new(StringComparer.Ordinal);

    /// <summary>Emails of an organization may be due.</summary>
    public void Wake(string organization)
    {
        var waking = _organizations.GetOrAdd(
            organization,
            static (name, waker) => new Waking(
                () => waker.Grains.GetGrain<IListingGrain>(GrainKeys.Organization(name)).WakeAsync().Ignore(), waker.Time),
            (Grains: grains, Time: time));
        waking.Ask();
    }

    private sealed class Waking
    {
        private readonly Action _wake;
        private readonly ITimer _timer;
        private readonly Lock _lock = new();
        private bool _rests;
        private bool _asked;

        public Waking(Action wake, TimeProvider time)
        {
            _wake = wake;
            _timer = time.CreateTimer(_ => Rested(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Ask()
        {
            lock (_lock)
            {
                if (_rests)
                {
                    _asked = true;
                    return;
                }

                _rests = true;
                _timer.Change(Rest, Timeout.InfiniteTimeSpan);
            }

            _wake();
        }

        private void Rested()
        {
            lock (_lock)
            {
                _rests = _asked;
                if (!_asked)
                {
                    return;
                }

                _asked = false;
                _timer.Change(Rest, Timeout.InfiniteTimeSpan);
            }

            _wake();
        }
    }
}
