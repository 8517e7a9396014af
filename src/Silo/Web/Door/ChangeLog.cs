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
    public Task<long> BeginAsync(HttpContext context, Principal principal) => client.AppendAuditAsync(Entry(context, principal), context.RequestAborted);

    /// <summary>Notes that somebody wanted a change that they may not make.</summary>
    public Task ForbidAsync(HttpContext context, Principal principal) => client.AppendAuditAsync(
        Entry(context, principal) with { Outcome = AuditOutcome.Forbidden, Status = StatusCodes.Status403Forbidden }, context.RequestAborted);

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

    // The path without what is asked: that names things, and what it names is in the path.
    private static AuditEntry Entry(HttpContext context, Principal principal) => new(
        0,
        default,
        principal.Id,
        principal.Name,
        context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? context.Request.Method,
        $"{context.Request.Method} {context.Request.Path}",
        AuditOutcome.Begun,
        null);

    [LoggerMessage(3102, LogLevel.Error, "How change {Number} of the audit log ended could not be written")]
    private partial void LogNotEnded(Exception problem, long number);
}
