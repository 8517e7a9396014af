using System.Text.Encodings.Web;
using EmailTracking.Silo.Api.Acts;
using EmailTracking.Silo.Api.Dataverse;
using EmailTracking.Silo.Api.Delivering;
using EmailTracking.Silo.Api.Describing;
using EmailTracking.Silo.Api.Mail;
using EmailTracking.Silo.Api.Mailboxes;
using EmailTracking.Silo.Api.Organizations;
using EmailTracking.Silo.Api.Overview;
using EmailTracking.Silo.Api.Records;
using EmailTracking.Silo.Bodies;
using EmailTracking.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EmailTracking.Silo.Api;

/// <summary>The native API, <c>/api/tracking/</c>.</summary>
public sealed class ApiPart : IWebPart
{
    /// <summary>Where it begins.</summary>
    public const string Root = "/api/tracking";

    /// <inheritdoc/>
    public void AddServices(IServiceCollection services)
    {
        ApiDescription.AddServices(services);
        services.AddSingleton<UploadRoom>();
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<MailContents>();
        services.AddSingleton(provider => new BlockedExtensions(provider.GetRequiredService<WebOptions>().BlockedAttachments));
        services.AddSingleton<IMailSight, OwnMailSight>();
        services.AddSingleton<ManualActs>();
        services.AddSingleton<PendingActs>();
        services.AddSingleton<DeliveredActs>();
        services.AddSingleton<OverviewReader>();
        services.AddSingleton<MailboxActs>();
        services.AddSingleton<FolderRuleActs>();
        services.AddSingleton<MailboxOptionActs>();
        services.AddSingleton<SettingActs>();
        services.AddSingleton<RuleActs>();
        services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = new LogicalNames();

            // Even in JSON nothing looks like markup.
            json.SerializerOptions.Encoder = JavaScriptEncoder.Default;
        });
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        ApiDescription.Map(routes);
        ApiPage.Map(routes);
        var api = routes.MapGroup(Root);
        WhoAmIEndpoint.Map(api);
        ApiKeyEndpoints.Map(api);
        PrincipalEndpoints.Map(api);
        AuditLogEndpoints.Map(api);
        EmailListEndpoints.Map(api);
        EmailEndpoints.Map(api);
        DecisionEndpoints.Map(api);
        PreviewEndpoint.Map(api);
        BodyEndpoints.Map(api);
        LiveEndpoint.Map(api);
        EmailEntityEndpoint.Map(routes);
        MailboxEndpoints.Map(api);
        DelegateEndpoints.Map(api);
        AlertEndpoints.Map(api);
        OverviewEndpoint.Map(api);
        MailboxOptionEndpoints.Map(api);
        FolderRuleEndpoints.Map(api);
        ComparisonEndpoints.Map(api);
        DeliveryEndpoints.Map(api);
        DeadLetterEndpoints.Map(api);
        SettingEndpoints.Map(api);
        RuleEndpoints.Map(api);
        QueueEndpoints.Map(api);
        ReviewEndpoints.Map(api);
        RecordEndpoints.Map(api);
        RecordLoadEndpoint.Map(api);
        AddressChoiceEndpoints.Map(api);
        ActEndpoints.Map(api);
    }
}
