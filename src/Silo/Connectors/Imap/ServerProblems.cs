using System.Net.Sockets;
using EmailTracking.Connectors;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Turns what goes wrong below into what it means and what to do about it.</summary>
/// <param name="profile">The server.</param>
internal sealed class ServerProblems(ServerProfile profile)
{
    private string Server => $"The server {Words.Shown(profile.Host)}:{profile.Port}";

    /// <summary>What a failure means.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="words">What the server said last.</param>
    /// <param name="hasEnded">Whether the server closed the connection.</param>
    /// <returns>The failure in words; itself when it is in words already.</returns>
    internal MailServerException Of(Exception failure, ServerWords? words, bool hasEnded) => failure switch
    {
        MailServerException known => known,
        FolderNotFoundException => FolderGone(failure),
        _ when Within<SilentServerException>(failure) is not null => Connection($"{Server} stopped answering.", failure),
        _ when Within<LongAnswerException>(failure) is { } large => Protocol(large.Message, failure),
        _ when Within<LargeLiteralException>(failure) is { } large => Protocol(large.Message, failure),
        _ when Within<SocketException>(failure) is { } socket => Unreachable(socket, failure),
        ImapCommandException refused => OfCode(words?.Code ?? "", refused),
        ImapProtocolException when hasEnded || IsBye(words) => Ended(words, failure),
        ImapProtocolException => Protocol($"{Server} answered what makes no sense.", failure),
        IOException or ServiceNotConnectedException or ServiceNotAuthenticatedException or ObjectDisposedException
            or OperationCanceledException => Connection($"The connection to {profile.Host} broke off.", failure),
        _ when hasEnded => Ended(words, failure),
        _ => Protocol($"{Server} answered what makes no sense.", failure),
    };

    /// <summary>What a handshake that failed means.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="certificateProblem">What is wrong with the certificate; null when nothing was found.</param>
    internal MailServerException OfHandshake(SslHandshakeException failure, string? certificateProblem) =>
        certificateProblem is not null
            ? new MailServerException(
                ServerProblemKind.Certificate,
                $"{Server} has a certificate that is not trusted: {certificateProblem}.",
                "Check the host name of the profile; for a certificate of your own, name its authority's PEM file in the profile.",
                failure)
            : Within<SilentServerException>(failure) is not null || Within<SocketException>(failure) is not null
                ? Of(failure, null, hasEnded: false)
                : new MailServerException(
                    ServerProblemKind.Configuration,
                    $"{Server} and the silo found no common TLS.",
                    "Check the port, and whether the profile's security fits it: implicit TLS is usual on 993, STARTTLS on 143.",
                    failure);

    /// <summary>The name, password or token is refused; or the server has a reason of its own, which its code tells.</summary>
    /// <remarks>Nothing of what was thrown or said is handed on: a server may repeat what it was sent.</remarks>
    internal MailServerException OfSignIn(string userName, bool byToken, ServerWords words) => words.Code switch
    {
        "UNAVAILABLE" or "SERVERBUG" => Connection($"{Server} cannot check who signs in now.", null),
        "INUSE" or "LIMIT" or "OVERQUOTA" or "THROTTLED" => Throttled($"{Server} takes no more sessions now.", null),
        _ => new MailServerException(
            ServerProblemKind.SignIn,
            $"{Server} refuses '{Words.Shown(userName)}' with {(byToken ? "this token" : "this password")}.",
            byToken
                ? "Check that the client may read this mailbox by IMAP, that the scope is right, and that the consent was not withdrawn."
                : "Check the user name and the password; a server may want an app password, or tokens instead."),
    };

    /// <summary>The profile cannot work as it is written.</summary>
    internal static MailServerException Configuration(string problem, string nextStep, Exception? cause = null) =>
        new(ServerProblemKind.Configuration, problem, nextStep, cause);

    /// <summary>The folder is not there any more.</summary>
    internal static MailServerException FolderGone(Exception? cause) => new(
        ServerProblemKind.FolderGone,
        "The folder is not there any more.",
        "It was renamed, moved or deleted; the folders are listed again.",
        cause);

    /// <summary>An exception of a kind among those that a failure holds.</summary>
    private static TException? Within<TException>(Exception? failure)
        where TException : Exception
    {
        while (failure is not null and not TException)
        {
            failure = failure.InnerException;
        }

        return failure as TException;
    }

    private static bool IsBye(ServerWords? words) =>
        words?.LastStatus.StartsWith("* BYE", StringComparison.OrdinalIgnoreCase) == true;

    private MailServerException OfCode(string code, ImapCommandException refused) => code switch
    {
        "NONEXISTENT" or "TRYCREATE" => FolderGone(refused),
        "INUSE" or "LIMIT" or "OVERQUOTA" or "THROTTLED" => Throttled($"{Server} asks to slow down.", refused),
        "UNAVAILABLE" or "SERVERBUG" or "EXPUNGEISSUED" => Connection($"{Server} cannot answer this now.", refused),
        "NOPERM" => Configuration(
            $"{Server} does not allow this to the user.", "Give the user the right to read this mailbox and its folders.", refused),
        _ => Protocol($"{Server} refused: {Words.Shown(refused.ResponseText ?? "")}", refused),
    };

    private MailServerException Ended(ServerWords? words, Exception failure) =>
        words is not null && IsBye(words) && (words.Code is "LIMIT" or "INUSE" or "THROTTLED" || SaysTooMany(words.LastStatus))
            ? Throttled($"{Server} takes no more connections now.", failure)
            : Connection($"{Server} closed the connection.", failure);

    // There was no code for it before RFC 5530, and servers that are older say it in words.
    private static bool SaysTooMany(string status) => status.Contains("too many", StringComparison.OrdinalIgnoreCase) ||
        status.Contains("maximum number of connections", StringComparison.OrdinalIgnoreCase);

    private MailServerException Unreachable(SocketException socket, Exception failure) => socket.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            Connection($"The name {Words.Shown(profile.Host)} is not known.", failure),
        SocketError.ConnectionRefused => Connection($"{Server} takes no connections.", failure),
        _ => Connection($"The connection to {Words.Shown(profile.Host)} broke off.", failure),
    };

    private static MailServerException Connection(string problem, Exception? cause) => new(
        ServerProblemKind.Connection,
        problem,
        "It is tried again by itself; if it stays, check that the server runs, its host name and port, and the network between.",
        cause);

    private static MailServerException Throttled(string problem, Exception? cause) => new(
        ServerProblemKind.Throttled,
        problem,
        "It is tried again later; fewer connections of the profile at once may help.",
        cause);

    private static MailServerException Protocol(string problem, Exception? cause) => new(
        ServerProblemKind.Protocol,
        problem,
        "It is tried again by itself; if it stays, the server or something before it has a fault.",
        cause);
}
