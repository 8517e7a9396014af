using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Listing;
using EmailTracking.Queries;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace EmailTracking.Silo.Api.Mail;

/// <summary>Emails as they come and change, for as long as somebody listens.</summary>
/// <remarks>
/// Nothing is kept for a listener: each batch is asked for when the one before was taken, so whoever reads slowly gets larger steps,
/// and at last is told to read the lists anew.
/// </remarks>
internal static class LiveEndpoint
{
    // Under load a few batches a second do as well as one for each email.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(200);

    // A token is looked at when a stream begins; whoever listens on comes again with it, and goes on where they were.
    private static readonly TimeSpan LifeMax = TimeSpan.FromMinutes(15);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("events", Watch)
        .Describes<EmailAnswer>(
            "watch-emails",
            "Mail",
            "Emails that one may see, as they are listed and change, as server-sent events: email; mark, whose id is sent again as Last-Event-ID " +
            "to go on from there; reset, when what came meanwhile is not known any more and the lists are to be read anew.")
        .NeedsForChosen(Privilege.ReadMail)
        .DisableRequestTimeout();

    private static IResult Watch(
        [FromHeader(Name = "Last-Event-ID")] string? last,
        EmailTrackingClient client,
        Identification identification,
        OpenStreams streams,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        HttpContext context)
    {
        if (streams.TryOpen(Visitor.Of(context).Principal.Id) is not { } opened)
        {
            return Answers.Problem(
                StatusCodes.Status429TooManyRequests, "Too many streams", $"You listen {OpenStreams.PerPrincipalMax} times already. Close one of these.");
        }

        var listening = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(opened);
        context.Response.RegisterForDispose(listening);
        var after = last is null ? null : ListMark.TryParse(last, out var mark) ? mark : ListMark.Unknown;
        return TypedResults.ServerSentEvents(TellAsync(after, AskAsync, time, listening.Token));

        // What somebody may is asked each time: who may nothing any more hears nothing more.
        async Task<SeenChanges?> AskAsync(ListMark? mark)
        {
            try
            {
                var who = (await identification.IdentifyAsync(context)).Principal;
                return who is null || who.ReachOf(Privilege.ReadMail) == Reach.None ? null : await client.WatchAsync(who, mark, listening.Token);
            }
            catch (Exception problem) when (problem is ClusterUnreachableException || listening.IsCancellationRequested)
            {
                // Whoever listens comes again, and is told then.
                return null;
            }
        }
    }

    private static async IAsyncEnumerable<SseItem<object>> TellAsync(
        ListMark? after, Func<ListMark?, Task<SeenChanges?>> ask, TimeProvider time, [EnumeratorCancellation] CancellationToken token)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < LifeMax && await ask(after) is { } seen)
        {
            // Emails have no id of their own: a batch that broke off is told again.
            foreach (var email in seen.Emails)
            {
                yield return new SseItem<object>(EmailAnswer.Of(email), "email");
            }

            yield return new SseItem<object>(new LiveMark(), seen.IsWhole ? "mark" : "reset") { EventId = seen.Mark.ToString() };
            var isIdle = after == seen.Mark || after is null;
            after = seen.Mark;
            if (!isIdle)
            {
                await Task.Delay(Rest, time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

/// <summary>Says how far was told, by its id alone.</summary>
internal sealed record LiveMark;
