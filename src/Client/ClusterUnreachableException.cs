namespace EmailTracking.Client;

/// <summary>The cluster could not be reached, or did not take a call for as long as calls are repeated.</summary>
/// <remarks>What was not answered is safe to send again, under the same operation id if it had one.</remarks>
/// <param name="message">What was tried, and what to do.</param>
/// <param name="inner">The last thing that went wrong.</param>
public sealed class ClusterUnreachableException(string message, Exception? inner = null) : Exception(message, inner)
{
    internal static ClusterUnreachableException NoConnection(EmailTrackingClientOptions options, Exception? inner) => new(
        $"No EmailTracking cluster answers at {string.Join(", ", options.Gateways)} ({Reason(inner)}). " +
        $"Start it (dotnet run --project src/Silo), or name its gateways with --gateway or {EmailTrackingClientOptions.GatewaysVariable}; then try again.",
        inner);

    internal static ClusterUnreachableException NoAnswer(TimeSpan retryFor, Exception inner) => new(
        $"The cluster did not take the call for {retryFor.TotalSeconds:0} seconds ({Reason(inner)}). " +
        "Look at the log of its silos, then try again: what was answered is kept, and the rest is safe to send again.",
        inner);

    // One line: stack traces and lists of addresses help nobody at a prompt.
    private static string Reason(Exception? problem)
    {
        var text = (problem?.GetBaseException().Message ?? "no answer in time").ReplaceLineEndings("\n").Split('\n')[0].TrimEnd('.', ' ');
        return text.Length <= ReasonLengthMax ? text : text[..ReasonLengthMax] + "\u2026";
    }

    private const int ReasonLengthMax = 200;
}
