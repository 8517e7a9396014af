using System.Security.Claims;
using EmailTracking.Access;
using EmailTracking.Client;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Web.Door;

/// <summary>Finds out who asks: by a key, by a token of the identity provider, by having signed in there with this browser, or because only this machine can ask.</summary>
internal sealed class Identification(EmailTrackingClient client, WebOptions options)
{
    private const string Subject = "sub";
    private const string Email = "email";
    private const string EmailVerified = "email_verified";

    /// <summary>Who asks, or why they are not let in.</summary>
    /// <returns>Neither when they do not say who they are.</returns>
    public async Task<Arrival> IdentifyAsync(HttpContext context)
    {
        if (Bearer.Of(context.Request) is not { } token)
        {
            return await IdentifyAsync(context.User, context.RequestAborted);
        }

        if (token.StartsWith(KeyText.Prefix, StringComparison.Ordinal))
        {
            if (!KeyText.TryParse(token, out var id, out var digest))
            {
                return Unknown("This is no whole key. A key has 84 characters and begins with et_.");
            }

            var found = await client.IdentifyKeyAsync(id, digest, context.RequestAborted);
            return found.Principal is { } holder ? new Arrival(holder, null) : Unknown(found.Problem!);
        }

        return options.Authority is null
            ? Unknown("Only keys are taken here, which begin with et_: no identity provider is named (EmailTracking__Web__Authority).")
            : await IdentifySubjectAsync(context);
    }

    /// <summary>Who looks at a page, by what the browser was let in with.</summary>
    /// <inheritdoc cref="IdentifyAsync(HttpContext)"/>
    public Task<Arrival> IdentifyAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        options.Authentication == WebAuthentication.None ? Task.FromResult(new Arrival(Principal.Local, null))
        : user.FindFirst(Subject)?.Value is { Length: > 0 } subject ? IdentifySubjectAsync(user, subject, cancellationToken)
        : Task.FromResult(default(Arrival));

    private async Task<Arrival> IdentifySubjectAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!result.Succeeded || result.Principal.FindFirst(Subject)?.Value is not { Length: > 0 } subject)
        {
            return Unknown($"The token is not taken: it has expired, is for somebody else, or is not signed by {options.Authority}. Sign in again.");
        }

        return await IdentifySubjectAsync(result.Principal, subject, context.RequestAborted);
    }

    private async Task<Arrival> IdentifySubjectAsync(ClaimsPrincipal user, string subject, CancellationToken cancellationToken)
    {
        if (await client.IdentifySubjectAsync(subject, cancellationToken) is { } known)
        {
            return new Arrival(known, null);
        }

        var email = user.FindFirst(Email)?.Value;
        var isVerified = string.Equals(user.FindFirst(EmailVerified)?.Value, "true", StringComparison.OrdinalIgnoreCase);
        return options.FirstAdministrator is { } first &&
            (subject == first || (isVerified && string.Equals(email, first, StringComparison.OrdinalIgnoreCase)))
            ? new Arrival(new Principal($"subject:{subject}", email ?? subject, Role.Administrator, null, [], []), null)
            : new Arrival(
                null,
                new Refusal(
                    StatusCodes.Status403Forbidden,
                    "Nobody said what you are",
                    $"You are signed in as '{subject}', which is not known here. Ask an administrator to run: emailtracking principal set {subject} --role ROLE --user ID"));
    }

    private static Arrival Unknown(string detail) => new(null, new Refusal(StatusCodes.Status401Unauthorized, "Not let in", detail));
}

/// <summary>Who asks, or why they are not let in; neither when they do not say.</summary>
internal readonly record struct Arrival(Principal? Principal, Refusal? Refusal);
