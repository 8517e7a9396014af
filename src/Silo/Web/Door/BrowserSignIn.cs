using System.Security.Claims;
using EmailTracking.Connectors;
using EmailTracking.Silo.Connectors;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace EmailTracking.Silo.Web.Door;

/// <summary>Signing in with a browser: the identity provider says who somebody is, and a sealed cookie remembers that.</summary>
/// <remarks>
/// The authorization code flow of OpenID Connect Core 1.0 (section 3.1) with PKCE (RFC 7636). What somebody may do is asked anew with
/// each request, so that it ends when an administrator says so, not when the cookie does.
/// </remarks>
internal static class BrowserSignIn
{
    /// <summary>The scheme of the cookie.</summary>
    public const string Scheme = "browser";

    /// <summary>Where one signs in.</summary>
    public const string Root = "/signin";

    /// <summary>Where one signs out.</summary>
    public const string Out = Root + "/out";

    private const string Provider = "provider";
    private static readonly string[] Kept = ["sub", "name", "email", "email_verified"];
    private static readonly TimeSpan LastsFor = TimeSpan.FromHours(8);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(15);

    /// <summary>Adds it.</summary>
    /// <exception cref="OptionsValidationException">The secret of the client is not where it is said to be.</exception>
    public static void Add(AuthenticationBuilder authentication, WebOptions options, Action<OpenIdConnectOptions> trust)
    {
        var secret = SecretOf(options);
        authentication.AddCookie(Scheme, cookie =>
        {
            cookie.Cookie.Name = "emailtracking-signin";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = options.Certificate is null ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            cookie.ExpireTimeSpan = LastsFor;
        });
        authentication.AddOpenIdConnect(Provider, provider =>
        {
            trust(provider);
            provider.SignInScheme = Scheme;
            provider.ClientId = options.ClientId;
            provider.ClientSecret = secret;
            provider.ResponseType = OpenIdConnectResponseType.Code;

            // Not posted by the provider's page: the cookies that tie the answer to the question would not come along without TLS.
            provider.ResponseMode = OpenIdConnectResponseMode.Query;
            provider.Scope.Add("email");
            provider.CallbackPath = Root + "/callback";
            provider.NonceCookie.SameSite = SameSiteMode.Lax;
            provider.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            provider.CorrelationCookie.SameSite = SameSiteMode.Lax;
            provider.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            provider.BackchannelTimeout = AnswerMax;
            provider.Events.OnTicketReceived = ticket =>
            {
                ticket.Principal = Reduced(ticket.Principal!);
                return Task.CompletedTask;
            };
            provider.Events.OnRemoteFailure = failure =>
            {
                failure.HandleResponse();
                return Answers.Problem(
                    StatusCodes.Status401Unauthorized,
                    "Not signed in",
                    $"The identity provider did not sign you in, or took too long about it. Try again: {Root}. If it stays so, ask an administrator.")
                    .ExecuteAsync(failure.HttpContext);
            };
        });
    }

    /// <summary>Adds its endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Root, (string? returnUrl) => Results.Challenge(new AuthenticationProperties { RedirectUri = Local(returnUrl) }, [Provider]))
            .ForAnybody();
        routes.MapGet(Out, () => Results.SignOut(new AuthenticationProperties { RedirectUri = "/" }, [Scheme])).ForAnybody();
    }

    // A page of ours: another address would be another site's that looks like ours.
    private static string Local(string? address) =>
        address is ['/', ..] && !address.StartsWith("//", StringComparison.Ordinal) && !address.Contains('\\', StringComparison.Ordinal) ? address : "/";

    // The cookie holds what is asked of it, not all that a provider may say.
    private static ClaimsPrincipal Reduced(ClaimsPrincipal user) =>
        new(new ClaimsIdentity(user.Claims.Where(claim => Kept.Contains(claim.Type)), Scheme));

    private static string? SecretOf(WebOptions options)
    {
        try
        {
            return options.ClientSecret is { } reference ? Secrets.Read(reference, "the secret of the web client") : null;
        }
        catch (MailServerException missing)
        {
            throw new OptionsValidationException("EmailTracking:Web", typeof(WebOptions), [$"EmailTracking__Web__ClientSecret: {missing.Message}"]);
        }
    }
}
