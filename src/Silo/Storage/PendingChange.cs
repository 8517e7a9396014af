using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Storage;

/// <summary>A change in the writer's queue, and who waits for its answer.</summary>
internal sealed class PendingChange(TrackingChange change, long queuedAt)
{
    private readonly TaskCompletionSource<CommitResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TrackingChange Change { get; } = change;

    /// <summary>The time stamp at which it came.</summary>
    public long QueuedAt { get; } = queuedAt;

    public Task<CommitResult> Answer => _answer.Task;

    public void Complete(CommitResult result) => _answer.TrySetResult(result);

    public void Fail(Exception exception) => _answer.TrySetException(exception);

    /// <summary>What it reads or writes: no two changes of one batch have a thing in common.</summary>
    public IReadOnlyList<object> Things => field ??= [.. Touches()];

    /// <summary>Whether a change that is durable now took the version that this one was decided on.</summary>
    public bool IsOutdatedBy(IReadOnlyDictionary<Guid, long> written) =>
        Change.Conversations.Any(conversation => written.TryGetValue(conversation.Id, out var seen) && conversation.SeenVersion <= seen);

    private IEnumerable<object> Touches()
    {
        var org = Change.Organization;
        foreach (var conversation in Change.Conversations)
        {
            yield return conversation.Id;
        }

        foreach (var email in Change.Emails)
        {
            yield return (org, email.After.Facts.Key);
            yield return (org, email.After.Facts.IdKey);
            foreach (var claim in email.After.Facts.Claims)
            {
                yield return (org, claim.Key);
            }
        }

        foreach (var key in Change.Keys)
        {
            yield return (org, key.After.Key);
        }

        foreach (var key in Change.ContestedKeys)
        {
            yield return (org, key);
        }

        foreach (var act in Change.Acts)
        {
            yield return act.Id;
        }

        foreach (var key in Change.Unknown)
        {
            yield return (org, key);
        }

        foreach (var decision in Change.Decisions)
        {
            yield return (org, decision.Sighting.Place);
            yield return (org, decision.Email);
            foreach (var claim in decision.Heard)
            {
                yield return (org, claim.Key);
            }
        }
    }
}
