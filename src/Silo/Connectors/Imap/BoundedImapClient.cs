using MailKit;
using MailKit.Net.Imap;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>The server announced a larger piece of a message than is taken.</summary>
internal sealed class LargeLiteralException(long announced, long bytesMax)
    : IOException($"The server wants to send {announced} bytes of a message, where at most {bytesMax} are taken.");

/// <summary>A client whose folders take no larger pieces of messages than the caller allows.</summary>
internal sealed class BoundedImapClient(IProtocolLogger logger) : ImapClient(logger)
{
    /// <summary>The largest piece that is taken, in bytes.</summary>
    internal long LiteralBytesMax { get; set; }

    /// <inheritdoc/>
    protected override ImapFolder CreateImapFolder(ImapFolderConstructorArgs args) => new BoundedFolder(this, args);

    private sealed class BoundedFolder(BoundedImapClient client, ImapFolderConstructorArgs args) : ImapFolder(args)
    {
        // Asked before anything is read: memory for a piece is taken only when it is allowed.
        protected override Stream CreateStream(UniqueId? uid, string section, int offset, int length) =>
            length <= client.LiteralBytesMax
                ? base.CreateStream(uid, section, offset, length)
                : throw new LargeLiteralException(length, client.LiteralBytesMax);
    }
}
