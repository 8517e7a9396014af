using EmailTracking.Access;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace EmailTracking.Silo.Api.Describing;

/// <summary>The OpenAPI document (https://spec.openapis.org/oas/v3.1.1) of the API: what there is, and no data.</summary>
internal static class ApiDescription
{
    /// <summary>Where it is.</summary>
    public const string Path = "/api/openapi.json";

    private const string Key = "bearer";

    public static void AddServices(IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.ShouldInclude = operation => operation.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(DescribeAsync);
    });

    public static void Map(IEndpointRouteBuilder routes) => routes.MapOpenApi(Path).ForAnybody();

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken token)
    {
        document.Info = new OpenApiInfo
        {
            Title = "EmailTracking",
            Version = "v1",
            Description = "Tracks e-mail as Dynamics 365 does. Names and numbers are Dataverse's where it has them. Every error is a problem (RFC 9457) that says what to do.",
        };

        // Where it was asked for is where it is: a name that a proxy gives is not known here.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.AddComponent(Key, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key (emailtracking key create), or a token of the identity provider. On loopback none is needed.",
        });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
        return Task.CompletedTask;
    }

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken token)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RawBody>().FirstOrDefault() is { } raw)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = raw.Types.ToDictionary(
                    type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }),
            };
        }

        if (metadata.OfType<AccessRule>().FirstOrDefault() is { Target: AccessTarget.Organization or AccessTarget.Mailbox or AccessTarget.Chosen } rule)
        {
            operation.Description = $"Needs the privilege {AccessCheck.Word(rule.Privilege)}.";
        }

        return Task.CompletedTask;
    }
}
