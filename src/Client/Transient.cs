using System.Net.Sockets;
using EmailTracking.Intake;
using EmailTracking.Mailboxes;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;
using Orleans.Storage;

namespace EmailTracking.Client;

/// <summary>Tells what passes by itself from what stays wrong however often it is tried.</summary>
internal static class Transient
{
    // Exceptions of a silo's database come as a type that is not loaded here, or, inside the silo, as one that is not named here.
    private static readonly string[] StoreTypes = ["Npgsql.", "Microsoft.Data.Sqlite.", "EmailTracking.Silo.Storage."];

    public static bool Is(Exception? problem) => problem switch
    {
        null or DeliveryException or OperationCanceledException or ArgumentException => false,
        TimeoutException or OrleansMessageRejectionException or SiloUnavailableException or MailboxBusyException => true,
        ConnectionFailedException or ClientNotAvailableException or GatewayTooBusyException => true,
        SocketException or IOException or InconsistentStateException => true,
        UnavailableExceptionFallbackException unknown when IsOfStore(unknown.ExceptionType) => true,
        AggregateException many => many.InnerExceptions.Count > 0 && many.InnerExceptions.All(Is),
        _ => IsOfStore(problem.GetType().FullName) || Is(problem.InnerException),
    };

    private static bool IsOfStore(string? type) =>
        type is not null && StoreTypes.Any(store => type.StartsWith(store, StringComparison.Ordinal));
}
