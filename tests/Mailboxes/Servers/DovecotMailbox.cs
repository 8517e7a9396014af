using System.Globalization;
using System.Text;
using EmailTracking.Connectors;
using EmailTracking.Tracking.Mail;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;

namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>A mailbox of a <see cref="MailServer"/>, in the hands of a person with a mail program of their own.</summary>
/// <remarks>Folders are named by their path with <c>/</c> between, the Inbox is <c>INBOX</c>; messages by their number (UID).</remarks>
public sealed class DovecotMailbox(MailServer server, string address, string password) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private ImapClient? _client;

    /// <summary>Its address, which is also the user name.</summary>
    public string Address => address;

    /// <summary>Its password.</summary>
    public string Password => password;

    /// <summary>A profile of its server, with TLS.</summary>
    public ServerProfile Profile => new()
    {
        Name = server.Name,
        Host = MailServer.Host,
        Port = server.TlsPort,
        CertificateAuthorities = server.AuthorityFile,
        AnswerMax = TimeSpan.FromSeconds(30),
    };

    /// <summary>How it signs in, the password kept in an environment variable of this process.</summary>
    public MailboxLogin Login
    {
        get
        {
            var variable = $"EMAILTRACKING_TEST_{Math.Abs(StringComparer.Ordinal.GetHashCode(address + password)).ToString(CultureInfo.InvariantCulture)}";
            Environment.SetEnvironmentVariable(variable, password);
            return new MailboxLogin(EmailAddress.TryParse(address, out var parsed) ? parsed : throw new FormatException(address), address, $"env:{variable}");
        }
    }

    /// <summary>A mail of a few lines.</summary>
    public static string Mail(string messageId, string subject = "Hello", string body = "Hi\r\n", string headers = "") =>
        $"Message-ID: <{messageId}>\r\nFrom: ana@fabrikam.com\r\nTo: bob@contoso.com\r\nSubject: {subject}\r\n{headers}\r\n{body}";

    /// <summary>Makes a folder, and those above it.</summary>
    public Task CreateFolderAsync(string path) => ChangeFoldersAsync(async client =>
    {
        IMailFolder folder = client.GetFolder(client.PersonalNamespaces[0]);
        var parts = path.Split('/');
        foreach (var part in parts[..^1])
        {
            folder = await SubfolderAsync(folder, part) ?? (await folder.CreateAsync(part, true))!;
        }

        await folder.CreateAsync(parts[^1], true);
    });

    private static async Task<IMailFolder?> SubfolderAsync(IMailFolder folder, string name)
    {
        try
        {
            return await folder.GetSubfolderAsync(name);
        }
        catch (FolderNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes many folders at once.</summary>
    public Task CreateFoldersAsync(IEnumerable<string> paths) =>
        RawCommands.RunAsync(server.PlainPort, address, password, [.. paths.Select(path => $"CREATE \"{RawCommands.Encode(path)}\"")]);

    /// <summary>Gives a folder another path.</summary>
    public Task RenameFolderAsync(string path, string to) => ChangeFoldersAsync(async client =>
    {
        var folder = await client.GetFolderAsync(path);
        var parent = to.LastIndexOf('/') is > 0 and var end
            ? await client.GetFolderAsync(to[..end])
            : client.GetFolder(client.PersonalNamespaces[0]);
        await folder.RenameAsync(parent, to[(to.LastIndexOf('/') + 1)..]);
    });

    /// <summary>Deletes a folder with what is in it.</summary>
    public Task DeleteFolderAsync(string path) => DoAsync(async client =>
    {
        await (await client.GetFolderAsync(path)).DeleteAsync();
        return true;
    });

    /// <summary>Gives a folder another numbering (UIDVALIDITY); messages keep their numbers.</summary>
    public Task ChangeValidityAsync(string path, uint validity) => server.ChangeValidityAsync(address, path, validity);

    /// <summary>Puts a raw mail into a folder.</summary>
    /// <returns>Its number.</returns>
    public Task<uint> DeliverAsync(string path, string raw, DateTimeOffset? receivedOn = null, params string[] labels) =>
        DeliverAsync(path, Encoding.Latin1.GetBytes(raw), receivedOn, labels);

    /// <inheritdoc cref="DeliverAsync(string, string, DateTimeOffset?, string[])"/>
    public Task<uint> DeliverAsync(string path, byte[] raw, DateTimeOffset? receivedOn = null, params string[] labels) =>
        RawCommands.AppendAsync(server.PlainPort, address, password, path, raw, receivedOn, labels);

    /// <summary>Puts many mails into a folder.</summary>
    public Task DeliverManyAsync(string path, IEnumerable<string> mails) => RawCommands.RunAsync(
        server.PlainPort,
        address,
        password,
        [.. mails.Select(mail => string.Create(
            CultureInfo.InvariantCulture, $"APPEND \"{RawCommands.Encode(path)}\" {{{mail.Length}+}}\r\n{mail}"))]);

    /// <summary>Moves a message.</summary>
    /// <returns>Its number there.</returns>
    public Task<uint> MoveAsync(string path, uint number, string to) => InAsync(path, async (client, folder) =>
        (await folder.MoveToAsync(new UniqueId(number), await client.GetFolderAsync(to)))!.Value.Id);

    /// <summary>Copies a message.</summary>
    /// <returns>The copy's number.</returns>
    public Task<uint> CopyAsync(string path, uint number, string to) => InAsync(path, async (client, folder) =>
        (await folder.CopyToAsync(new UniqueId(number), await client.GetFolderAsync(to)))!.Value.Id);

    /// <summary>Deletes a message for good.</summary>
    public Task DeleteAsync(string path, uint number) => InAsync(path, async (_, folder) =>
    {
        await folder.AddFlagsAsync(new UniqueId(number), MessageFlags.Deleted, silent: true);
        await folder.ExpungeAsync([new UniqueId(number)]);
        return true;
    });

    /// <summary>Marks a message as read.</summary>
    public Task ReadAsync(string path, uint number) => InAsync(path, async (_, folder) =>
    {
        await folder.AddFlagsAsync(new UniqueId(number), MessageFlags.Seen, silent: true);
        return true;
    });

    /// <summary>Sets labels on a message, and removes others.</summary>
    public Task LabelAsync(string path, uint number, string[] set, params string[] remove) => InAsync(path, async (_, folder) =>
    {
        await folder.AddFlagsAsync([new UniqueId(number)], MessageFlags.None, set.ToHashSet(), silent: true);
        await folder.RemoveFlagsAsync([new UniqueId(number)], MessageFlags.None, remove.ToHashSet(), silent: true);
        return true;
    });

    /// <summary>The messages of a folder: number, whether it was read, labels.</summary>
    public Task<IReadOnlyList<(uint Number, bool IsRead, string[] Labels)>> LookAsync(string path) =>
        InAsync<IReadOnlyList<(uint, bool, string[])>>(path, async (_, folder) =>
            [.. (await folder.FetchAsync(0, -1, MessageSummaryItems.UniqueId | MessageSummaryItems.Flags)).Select(one =>
                (one.UniqueId.Id, one.Flags!.Value.HasFlag(MessageFlags.Seen), one.Keywords.Order(StringComparer.Ordinal).ToArray()))]);

    /// <summary>Ends all of its sessions, this person's too, as an administrator does.</summary>
    public async Task KickAsync()
    {
        await server.KickAsync(address);
        _client?.Dispose();
        _client = null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<T> InAsync<T>(string path, Func<ImapClient, IMailFolder, Task<T>> act) => DoAsync(async client =>
    {
        var folder = await client.GetFolderAsync(path);
        await folder.OpenAsync(FolderAccess.ReadWrite);
        return await act(client, folder);
    });

    // Dovecot 2.3.19 may leave a folder that a session has just made out of that session's next LIST (seen with CREATE after RENAME), while
    // any other session is shown it. So what comes next is done by another.
    private Task ChangeFoldersAsync(Func<ImapClient, Task> change) => DoAsync(async client =>
    {
        await change(client);
        await client.DisconnectAsync(quit: true);
        return true;
    });

    private async Task<T> DoAsync<T>(Func<ImapClient, Task<T>> act)
    {
        await _turn.WaitAsync();
        try
        {
            if (_client is not { IsConnected: true })
            {
                _client?.Dispose();
                _client = new ImapClient();
                await _client.ConnectAsync("127.0.0.1", server.PlainPort, SecureSocketOptions.None);
                await _client.AuthenticateAsync(new SaslMechanismPlain(address, password));
            }

            return await act(_client);
        }
        finally
        {
            _turn.Release();
        }
    }
}
