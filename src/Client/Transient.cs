using System.Net.Sockets;
using EmailTracking.Connectors;
using EmailTracking.Intake;
using EmailTracking.Mailboxes;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;
using Orleans.Storage;

namespace EmailTracking.Client;

/// <summary>Tells what passes by itself from what stays wrong however often it is tried.</summary>
internal static class Transient
{
    public static bool Is(Exception? problem) => problem switch
    {
        null or DeliveryException or OperationCanceledException or ArgumentException => false,

        // The cluster answers: it is the mail server that does not, and whoever asked is told so.
        MailServerException => false,
        TimeoutException or OrleansMessageRejectionException or SiloUnavailableException or MailboxBusyException => true,
        ConnectionFailedException or ClientNotAvailableException or GatewayTooBusyException => true,
        SocketException or IOException or InconsistentStateException => true,

        // Exceptions of a silo's database come as a type that is not loaded here, or, inside the silo, as one that is not named here.
        UnavailableExceptionFallbackException unknown when StoreExceptions.Include(unknown.ExceptionType) => true,
        AggregateException many => many.InnerExceptions.Count > 0 && many.InnerExceptions.All(Is),
        _ => StoreExceptions.Include(problem.GetType().FullName) || Is(problem.InnerException),
    };
}
