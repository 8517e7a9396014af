using EmailTracking.Access;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Silo.Pages;

/// <summary>Asks for whoever looks at a page, by the same rules as the door: who they are is found out for each thing anew.</summary>
internal sealed partial class PageCaller(
    AuthenticationStateProvider users, Identification identification, RequestRates rates, ILogger<PageCaller> log)
{
    private static readonly Refusal TooMany = new(
        StatusCodes.Status429TooManyRequests, "Too many requests", "Wait a minute, then try it again; docs/options.md has the bounds.");

    private static readonly Refusal SignedOut = new(
        StatusCodes.Status401Unauthorized, "Say who you are", "You are not signed in any more. Load the page again.");

    /// <summary>Reads something that needs a privilege, for all or for what is one's own.</summary>
    /// <param name="privilege">The privilege.</param>
    /// <param name="read">Reads; it leaves out what the visitor may not see.</param>
    /// <param name="cancellationToken">Stops finding out who asks.</param>
    public async Task<Told<T>> ReadAsync<T>(Privilege privilege, Func<Visitor, Task<T>> read, CancellationToken cancellationToken)
        where T : class?
    {
        try
        {
            var arrival = await IdentifyAsync(cancellationToken);
            return arrival.Principal is not { } principal ? Told<T>.Not(arrival.Refusal ?? SignedOut)
                : !rates.TryTakePrincipal(principal.Id) ? Told<T>.Not(TooMany)
                : principal.ReachOf(privilege) is Reach.None ? Told<T>.Not(Refusal.Lacks(principal, privilege))
                : Told<T>.That(await read(new Visitor(principal, principal.ReachOf(privilege))));
        }
        catch (Exception problem)
        {
            return Told<T>.Not(Words(problem));
        }
    }

    /// <summary>Who looks at the page.</summary>
    public async Task<Arrival> IdentifyAsync(CancellationToken cancellationToken) =>
        await identification.IdentifyAsync((await users.GetAuthenticationStateAsync()).User, cancellationToken);

    private Refusal Words(Exception problem)
    {
        if (Refusal.Of(problem) is { } known)
        {
            return known;
        }

        var trace = Guid.NewGuid().ToString("N");
        LogFailed(problem, trace);
        return Refusal.Failed(trace);
    }

    [LoggerMessage(3103, LogLevel.Error, "A page failed: {Trace}")]
    private partial void LogFailed(Exception problem, string trace);
}

/// <summary>What a page was told: a value, or why not.</summary>
internal readonly record struct Told<T>(T? Value, Refusal? Problem)
    where T : class?
{
    public static Told<T> That(T value) => new(value, null);

    public static Told<T> Not(Refusal problem) => new(null, problem);
}
