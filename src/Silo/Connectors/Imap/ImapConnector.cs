using EmailTracking.Connectors;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Opens mailboxes by IMAP (RFC 3501, RFC 9051).</summary>
/// <param name="tokens">Where tokens come from.</param>
/// <param name="time">The clock that time-outs are measured by.</param>
internal sealed class ImapConnector(AccessTokens tokens, TimeProvider time) : IMailConnector
{
    /// <inheritdoc/>
    public string Kind => "imap";

    /// <inheritdoc/>
    public async Task<IMailSession> OpenAsync(ServerProfile profile, MailboxLogin login, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(login);
        var dialer = new ImapDialer(profile, login, tokens, time);
        return new ImapSession(dialer, await dialer.DialAsync(cancellationToken), time);
    }
}
