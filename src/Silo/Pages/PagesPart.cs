using EmailTracking.Silo.Pages.Conversations;
using EmailTracking.Silo.Pages.Mail;
using EmailTracking.Silo.Pages.Mailboxes;
using EmailTracking.Silo.Pages.Queues;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FluentUI.AspNetCore.Components;

namespace EmailTracking.Silo.Pages;

/// <summary>The pages: Blazor, rendered here and shown over one connection for each page that is open.</summary>
public sealed class PagesPart : IWebPart
{
    /// <summary>Where a page's connection is.</summary>
    public const string Connection = "/_blazor";

    // Whoever lost their connection finds the page as it was for this long; later it is loaded anew.
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);
    private const int KeptMax = 50;

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitRetentionPeriod = KeptFor;
            circuits.DisconnectedCircuitMaxRetained = KeptMax;
        });
        services.AddFluentUIComponents();
        services.AddSingleton<OpenPages>();
        services.AddScoped<PageCaller>();
        services.AddScoped<LiveMail>();
        services.AddScoped<EmailReader>();
        services.AddScoped<ConversationReader>();
        services.AddScoped<PastActs>();
        services.AddTransient<HandActs>();
        services.AddScoped<MailboxCaller>();
        services.AddScoped<MailboxReader>();
        services.AddScoped<QueueReader>();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        PageFiles.Map(routes);
        var open = routes.ServiceProvider.GetRequiredService<OpenPages>();
        routes.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(server =>
            {
                // Compressed together, what others wrote would tell by its length what else is there.
                server.DisableWebSocketCompression = true;
                server.ContentSecurityFrameAncestorsPolicy = null;
            })

            // Nothing is posted to a page; RequestGuard keeps other web sites from its connection.
            .DisableAntiforgery()
            .Finally(endpoint => Guard((RouteEndpointBuilder)endpoint, open));
    }

    private static void Guard(RouteEndpointBuilder endpoint, OpenPages open)
    {
        var next = endpoint.RequestDelegate!;
        if (endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith('_'))
        {
            endpoint.Metadata.Add(new AccessRule(default, AccessTarget.Themselves, false));
            endpoint.Metadata.Add(new DisableRequestTimeoutAttribute());
            endpoint.RequestDelegate = context => open.HoldAsync(context, next);
            return;
        }

        endpoint.Metadata.Add(new AccessRule(default, AccessTarget.Page, false));
        endpoint.RequestDelegate = context =>
        {
            PagePolicy.Set(context);
            return next(context);
        };
    }
}
