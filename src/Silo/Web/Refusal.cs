using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Connectors;
using EmailTracking.Intake;
using EmailTracking.Organizations;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Web;

/// <summary>Why something is not done, and what to do.</summary>
/// <param name="Status">The status of HTTP that says as much.</param>
/// <param name="Title">What it is.</param>
/// <param name="Detail">What to do about it.</param>
public sealed record Refusal(int Status, string Title, string Detail)
{
    /// <summary>Somebody may not do something, neither for all nor for what is their own.</summary>
    internal static Refusal Lacks(Principal principal, Privilege privilege) => new(
        StatusCodes.Status403Forbidden,
        "Not allowed",
        $"{principal.Name} is {AccessCheck.Word(principal.Role)}, who may not do this ({AccessCheck.Word(privilege)})" +
        (principal.Scopes.IsEmpty ? ". " : ", or the key was made without it. ") + "Ask an administrator; docs/api.md has what each role may.");

    /// <summary>The core refuses it: nothing was changed.</summary>
    /// <param name="problem">Why, and what to do.</param>
    internal static Refusal Refused(string problem) => new(StatusCodes.Status422UnprocessableEntity, "Refused", problem);

    /// <summary>What was said is not understood.</summary>
    internal static Refusal Wrong(string problem) => new(StatusCodes.Status400BadRequest, "Not understood", problem);

    /// <summary>There is no such thing.</summary>
    internal static Refusal Missing(string problem) => new(StatusCodes.Status404NotFound, "Not found", problem);

    /// <summary>What stopped a call to the cluster, when it is nothing that is wrong here.</summary>
    /// <returns>Null when it is: that is for the log.</returns>
    internal static Refusal? Of(Exception problem) => problem switch
    {
        DeliveryException or UnknownTableException => Refused(problem.Message),
        MailServerException server => new Refusal(
            StatusCodes.Status502BadGateway, "The mail server does not do it", $"{server.Message} {server.NextStep}"),
        ClusterUnreachableException => new Refusal(StatusCodes.Status503ServiceUnavailable, "The cluster does not answer", problem.Message),
        TimeoutException or OperationCanceledException => new Refusal(
            StatusCodes.Status504GatewayTimeout, "It took too long", "Whether it was done is not known. Ask what there is, and send it again if need be."),
        _ => null,
    };

    /// <summary>Something is wrong here.</summary>
    /// <param name="trace">Under which the log has it.</param>
    internal static Refusal Failed(string trace) => new(
        StatusCodes.Status500InternalServerError, "It failed here", $"Whether it was done is not known. The log of the silo says more under {trace}.");
}
