using EmailTracking.Access;
using EmailTracking.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace EmailTracking.Silo.Web.Door;

/// <summary>Writes every change that comes through the door into the audit log.</summary>
/// <remarks>It is written before the change is made, so that none is made that is not in it, and how it ended after.</remarks>
internal sealed partial class ChangeLog(EmailTrackingClient client, ILogger<ChangeLog> log)
{
    /// <summary>Notes that a change begins.</summary>
    /// <returns>Its number.</returns>
    public Task<long> BeginAsync(HttpContext context, Principal principal) =>
        BeginAsync(principal, OperationOf(context), TargetOf(context), context.RequestAborted);

    /// <inheritdoc cref="BeginAsync(HttpContext, Principal)"/>
    /// <param name="principal">Who makes it.</param>
    /// <param name="operation">What is done, by the name that the API has for it.</param>
    /// <param name="target">To what, and where it was asked.</param>
    /// <param name="cancellationToken">Stops the write before it begins.</param>
    public Task<long> BeginAsync(Principal principal, string operation, string target, CancellationToken cancellationToken) =>
        client.AppendAuditAsync(Entry(principal, operation, target), cancellationToken);

    /// <summary>Notes that somebody wanted a change that they may not make.</summary>
    public Task ForbidAsync(HttpContext context, Principal principal) =>
        ForbidAsync(principal, OperationOf(context), TargetOf(context), context.RequestAborted);

    /// <inheritdoc cref="ForbidAsync(HttpContext, Principal)"/>
    public Task ForbidAsync(Principal principal, string operation, string target, CancellationToken cancellationToken) => client.AppendAuditAsync(
        Entry(principal, operation, target) with { Outcome = AuditOutcome.Forbidden, Status = StatusCodes.Status403Forbidden }, cancellationToken);

    /// <summary>Notes more of a change that is begun.</summary>
    public Task NoteAsync(Principal principal, string operation, string target, CancellationToken cancellationToken) =>
        client.AppendAuditAsync(Entry(principal, operation, target) with { Outcome = AuditOutcome.Done }, cancellationToken);

    /// <summary>Notes how a change ended; also when whoever wanted it is gone by now.</summary>
    public async Task EndAsync(long number, int status)
    {
        try
        {
            await client.EndAuditAsync(number, OutcomeOf(status), status, CancellationToken.None);
        }
        catch (ClusterUnreachableException problem)
        {
            // The entry says that it was begun.
            LogNotEnded(problem, number);
        }
    }

    private static AuditOutcome OutcomeOf(int status) => status switch
    {
        < StatusCodes.Status400BadRequest => AuditOutcome.Done,
        StatusCodes.Status403Forbidden => AuditOutcome.Forbidden,
        < StatusCodes.Status500InternalServerError => AuditOutcome.Refused,
        _ => AuditOutcome.Failed,
    };

    private static string OperationOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? context.Request.Method;

    // The path without what is asked: that names things, and what it names is in the path.
    private static string TargetOf(HttpContext context) => $"{context.Request.Method} {context.Request.Path}";

    private static AuditEntry Entry(Principal principal, string operation, string target) =>
        new(0, default, principal.Id, principal.Name, operation, target, AuditOutcome.Begun, null);

    [LoggerMessage(3102, LogLevel.Error, "How change {Number} of the audit log ended could not be written")]
    private partial void LogNotEnded(Exception problem, long number);
}
