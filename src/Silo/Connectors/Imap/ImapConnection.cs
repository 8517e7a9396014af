using EmailTracking.Connectors;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>A connection on which somebody is signed in.</summary>
internal sealed class ImapConnection(BoundedImapClient client, MeteredStream wire, ServerWords words, ServerAbilities abilities) : IDisposable
{
    /// <summary>The library's client.</summary>
    internal BoundedImapClient Client { get; } = client;

    /// <summary>The bytes below it.</summary>
    internal MeteredStream Wire { get; } = wire;

    /// <summary>What the server said last.</summary>
    internal ServerWords Words { get; } = words;

    /// <summary>What the server can do.</summary>
    internal ServerAbilities Abilities { get; } = abilities;

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        Wire.Dispose();
    }
}
