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
internal static class LiveEndpoint
{
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
        await foreach (var seen in ChangedMail.ReadAsync(after, ask, time, token))
        {
            // Emails have no id of their own: a batch that broke off is told again.
            foreach (var email in seen.Emails)
            {
                yield return new SseItem<object>(EmailAnswer.Of(email), "email");
            }

            yield return new SseItem<object>(new LiveMark(), seen.IsWhole ? "mark" : "reset") { EventId = seen.Mark.ToString() };
            if (time.GetElapsedTime(began) >= LifeMax)
            {
                yield break;
            }
        }
    }
}

/// <summary>Says how far was told, by its id alone.</summary>
internal sealed record LiveMark;
