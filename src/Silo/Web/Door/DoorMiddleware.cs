using EmailTracking.Access;
using EmailTracking.Tracking.Mail;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmailTracking.Silo.Web.Door;

/// <summary>Lets in who may come in: finds out who asks, whether they may, and writes down what they change.</summary>
internal sealed class DoorMiddleware(RequestDelegate next, Identification identification, Owners owners, RequestRates rates, ChangeLog changes)
{
    private const string Realm = "Bearer realm=\"EmailTracking\"";

    public async Task InvokeAsync(HttpContext context)
    {
        if (!await rates.TakeAddressAsync(context))
        {
            return;
        }

        // Where there is nothing, or nothing that is asked in this way, everybody is told so.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await next(context);
            return;
        }

        var rule = endpoint.Metadata.GetMetadata<AccessRule>();
        if (rule is { Target: AccessTarget.Open })
        {
            await next(context);
            return;
        }

        var arrival = await identification.IdentifyAsync(context);
        if (arrival.Principal is not { } principal)
        {
            var why = arrival.Refusal ?? NotSaid();
            await (rule is { Target: AccessTarget.Page } ? TellAsync(context, why) : RefuseAsync(context, why));
            return;
        }

        if (!await rates.TakePrincipalAsync(context, principal.Id))
        {
            return;
        }

        if (await RefusalAsync(context, rule, principal) is { } refusal)
        {
            if (rule is { IsChange: true })
            {
                await changes.ForbidAsync(context, principal);
            }

            await RefuseAsync(context, refusal);
            return;
        }

        context.Features.Set(new Visitor(principal, principal.ReachOf(rule!.Privilege)));
        await (rule.IsChange ? ChangeAsync(context, principal) : next(context));
    }

    private async Task ChangeAsync(HttpContext context, Principal principal)
    {
        var number = await changes.BeginAsync(context, principal);
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await next(context);
            status = context.Response.StatusCode;
        }
        catch (BadHttpRequestException wrong)
        {
            status = wrong.StatusCode;
            throw;
        }
        finally
        {
            await changes.EndAsync(number, status);
        }
    }

    private async Task<Refusal?> RefusalAsync(HttpContext context, AccessRule? rule, Principal principal)
    {
        if (rule is null)
        {
            return Forbidden("Nobody may use this.");
        }

        if (rule.Target is AccessTarget.Themselves or AccessTarget.Page)
        {
            return null;
        }

        var what = AccessCheck.Word(rule.Privilege);
        return principal.ReachOf(rule.Privilege) switch
        {
            Reach.All => null,
            Reach.None => Refusal.Lacks(principal, rule.Privilege),
            Reach.Own when rule.Target == AccessTarget.Chosen => null,
            Reach.Own when rule.Target == AccessTarget.Mailbox =>
                EmailAddress.TryParse(context.Request.RouteValues["address"] as string, out var address) &&
                await owners.MayAsync(principal, rule.Privilege, address, context.RequestAborted)
                    ? null
                    : Owners.NotTheirs,
            _ => Forbidden($"{principal.Name} is {AccessCheck.Word(principal.Role)}, who may do this ({what}) only for what is their own."),
        };
    }

    private static Refusal Forbidden(string detail) => new(StatusCodes.Status403Forbidden, "Not allowed", detail);

    private static Refusal NotSaid() => new(
        StatusCodes.Status401Unauthorized, "Say who you are", "Send a key or a token: 'Authorization: Bearer …'. An administrator makes keys: emailtracking key create");

    private static Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        AskWho(context, refusal);
        return Answers.Problem(refusal.Status, refusal.Title, refusal.Detail).ExecuteAsync(context);
    }

    private Task TellAsync(HttpContext context, Refusal refusal)
    {
        AskWho(context, refusal);
        context.Response.StatusCode = refusal.Status;
        context.Features.Set(refusal);
        return next(context);
    }

    private static void AskWho(HttpContext context, Refusal refusal)
    {
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = Realm;
        }
    }
}
