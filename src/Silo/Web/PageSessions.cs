using System.Collections.Concurrent;
using EmailTracking.Client;
using EmailTracking.Preview;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Web;

/// <summary>The previews that pages have open here.</summary>
internal sealed class PageSessions(IGrainFactory grains, IOptions<PreviewOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, PageSession> _sessions = new();
    private readonly EmailTrackingClient _client = EmailTrackingClient.Over(
        grains, new EmailTrackingClientOptions { Organization = GrainKeys.DefaultOrganization });

    /// <exception cref="PreviewException">Too many are open.</exception>
    public async Task<(Guid Id, PageSession Session)> OpenAsync(PreviewRequest request, CancellationToken cancellationToken)
    {
        Forget();
        var id = Guid.NewGuid();
        var session = new PageSession(await _client.OpenPreviewAsync(request, cancellationToken)) { UsedOn = time.GetUtcNow() };
        _sessions[id] = session;
        return (id, session);
    }

    /// <summary>A preview that is open; null when there is none of this id.</summary>
    public PageSession? Find(Guid id)
    {
        if (_sessions.TryGetValue(id, out var session))
        {
            session.UsedOn = time.GetUtcNow();
        }

        return session;
    }

    public async Task CloseAsync(Guid id)
    {
        if (_sessions.TryRemove(id, out var session))
        {
            await session.Preview.DisposeAsync();
        }
    }

    // Those of pages that went away without a word; the cluster has forgotten them by itself.
    private void Forget()
    {
        var oldest = time.GetUtcNow() - options.Value.KeptFor;
        foreach (var (id, _) in _sessions.Where(one => one.Value.UsedOn < oldest))
        {
            _sessions.TryRemove(id, out _);
        }
    }
}
