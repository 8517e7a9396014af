using EmailTracking.Access;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Silo.Pages;

/// <summary>Asks for whoever looks at a page, by the same rules as the door: who they are is found out for each thing anew.</summary>
internal sealed partial class PageCaller(
    AuthenticationStateProvider users, Identification identification, RequestRates rates, ChangeLog changes, ILogger<PageCaller> log)
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
            var (visitor, problem) = await AdmitAsync(privilege, cancellationToken);
            return problem is null ? Told<T>.That(await read(visitor!)) : Told<T>.Not(problem);
        }
        catch (Exception problem)
        {
            return Told<T>.Not(Words(problem));
        }
    }

    /// <summary>Changes something that needs a privilege, for all or for what is one's own; it is in the audit log before it is made.</summary>
    /// <param name="privilege">The privilege.</param>
    /// <param name="operation">What is done, by the name that the API has for it.</param>
    /// <param name="target">To what.</param>
    /// <param name="change">Changes it; it refuses what is not the visitor's.</param>
    /// <param name="cancellationToken">Stops finding out who asks.</param>
    public async Task<Told<T>> ChangeAsync<T>(
        Privilege privilege, string operation, string target, Func<Visitor, Task<Told<T>>> change, CancellationToken cancellationToken)
        where T : class?
    {
        try
        {
            var (visitor, problem) = await AdmitAsync(privilege, cancellationToken);
            if (problem is null)
            {
                return await ChangeAsync(await changes.BeginAsync(visitor!.Principal, operation, $"page {target}", cancellationToken), () => change(visitor));
            }

            if (visitor is not null && problem.Status == StatusCodes.Status403Forbidden)
            {
                await changes.ForbidAsync(visitor.Principal, operation, $"page {target}", cancellationToken);
            }

            return Told<T>.Not(problem);
        }
        catch (Exception problem)
        {
            return Told<T>.Not(Words(problem));
        }
    }

    private async Task<Told<T>> ChangeAsync<T>(long number, Func<Task<Told<T>>> change)
        where T : class?
    {
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            var told = await change();
            status = told.Problem?.Status ?? StatusCodes.Status200OK;
            return told;
        }
        finally
        {
            await changes.EndAsync(number, status);
        }
    }

    // Who they are is told also when they may not.
    private async Task<(Visitor? Visitor, Refusal? Problem)> AdmitAsync(Privilege privilege, CancellationToken cancellationToken)
    {
        var arrival = await IdentifyAsync(cancellationToken);
        if (arrival.Principal is not { } principal)
        {
            return (null, arrival.Refusal ?? SignedOut);
        }

        var visitor = new Visitor(principal, principal.ReachOf(privilege));
        return !rates.TryTakePrincipal(principal.Id) ? (visitor, TooMany)
            : visitor.Reach == Reach.None ? (visitor, Refusal.Lacks(principal, privilege))
            : (visitor, null);
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
