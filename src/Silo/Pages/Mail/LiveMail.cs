using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Queries;
using EmailTracking.Silo.Api.Mail;

namespace EmailTracking.Silo.Pages.Mail;

/// <summary>Tells a page what changes in the mail that its visitor may see.</summary>
internal sealed class LiveMail(PageCaller caller, EmailTrackingClient client, TimeProvider time)
{
    // While the cluster does not answer, or somebody asks too much.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Tells it until the page is gone.</summary>
    /// <param name="tell">Told each batch, one after the other.</param>
    /// <param name="isGone">When the page is gone.</param>
    public async Task FollowAsync(Func<SeenChanges, Task> tell, CancellationToken isGone)
    {
        var isFirst = true;
        await foreach (var seen in ChangedMail.ReadAsync(null, AskAsync, time, isGone))
        {
            // The page was read before the first mark was: what came between the two is in no batch, so it is to be read anew.
            await tell(isFirst ? seen with { IsWhole = false } : seen);
            isFirst = false;
        }

        async Task<SeenChanges?> AskAsync(Listing.ListMark? after)
        {
            while (!isGone.IsCancellationRequested)
            {
                var told = await caller.ReadAsync(Privilege.ReadMail, visitor => client.WatchAsync(visitor.Principal, after, isGone), isGone);
                if (told.Value is { } seen)
                {
                    return seen;
                }

                await Task.Delay(Patience, time, isGone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return null;
        }
    }
}
