using EmailTracking.Connectors;
using EmailTracking.Silo.Connectors;
using EmailTracking.Silo.Connectors.Imap;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Mailboxes;

/// <summary>Opens mailboxes as the product does.</summary>
internal static class Opening
{
    internal const string SecretVariable = "EMAILTRACKING_TEST_SECRET";

    internal static readonly DateOnly Always = DateOnly.MinValue;

    internal static MailboxLogin Anybody
    {
        get
        {
            Environment.SetEnvironmentVariable(SecretVariable, "pass-word");
            Assert.True(EmailAddress.TryParse("ana@contoso.com", out var ana));
            return new MailboxLogin(ana, "ana@contoso.com", $"env:{SecretVariable}");
        }
    }

    internal static async Task<IMailSession> OpenAsync(ServerProfile profile, MailboxLogin login, TimeProvider? time = null) =>
        await new ImapConnector(new AccessTokens(time ?? TimeProvider.System), time ?? TimeProvider.System)
            .OpenAsync(profile, login, CancellationToken.None);

    internal static Task<IMailSession> OpenAsync(DovecotMailbox mailbox) => OpenAsync(mailbox.Profile, mailbox.Login);

    /// <summary>By a wire, without TLS, so that commands can be looked at.</summary>
    internal static Task<IMailSession> OpenAsync(DovecotMailbox mailbox, Wire wire) =>
        OpenAsync(mailbox.Profile with { Port = wire.Port, Security = ConnectionSecurity.None }, mailbox.Login);

    internal static async Task<ServerFolder> FolderAsync(this IMailSession session, string name) =>
        (await session.ListFoldersAsync(CancellationToken.None)).Single(folder => folder.Name == name);

    internal static async Task<ServerFolder> InboxAsync(this IMailSession session) => await session.FolderAsync(ServerFolder.InboxName);

    internal static Task<FolderArrivals> ArrivalsAsync(this IMailSession session, ServerFolder folder, FolderMark? since = null, int countMax = 100) =>
        session.ReadArrivalsAsync(folder, since, Always, countMax, CancellationToken.None);

    internal static string Text(this ReadOnlyMemory<byte>? bytes) => System.Text.Encoding.Latin1.GetString(bytes!.Value.Span);
}
