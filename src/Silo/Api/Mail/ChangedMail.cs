using System.Runtime.CompilerServices;
using EmailTracking.Listing;
using EmailTracking.Queries;

namespace EmailTracking.Silo.Api.Mail;

/// <summary>Emails as they come and change, batch by batch, for as long as somebody reads on.</summary>
/// <remarks>
/// Nothing is kept for a listener: each batch is asked for when the one before was taken, so whoever reads slowly gets larger steps,
/// and at last is told to read the lists anew.
/// </remarks>
internal static class ChangedMail
{
    // Under load a few batches a second do as well as one for each email.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);

    /// <summary>Reads on from a mark.</summary>
    /// <param name="after">The mark; null: from now on.</param>
    /// <param name="ask">Asks for what is behind a mark; null ends it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="token">Ends it after the batch that is asked for.</param>
    public static async IAsyncEnumerable<SeenChanges> ReadAsync(
        ListMark? after, Func<ListMark?, Task<SeenChanges?>> ask, TimeProvider time, [EnumeratorCancellation] CancellationToken token)
    {
        while (await ask(after) is { } seen)
        {
            yield return seen;
            var isIdle = after == seen.Mark || after is null;
            after = seen.Mark;
            if (!isIdle)
            {
                await Task.Delay(Rest, time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
