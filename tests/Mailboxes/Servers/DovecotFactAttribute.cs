namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>A test of what Dovecot can do and Cyrus cannot: skipped when Cyrus is chosen, and says why.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DovecotFactAttribute : FactAttribute
{
    /// <param name="lacks">What Cyrus does not do.</param>
    public DovecotFactAttribute(string lacks) => Skip = MailServer.Chosen == MailServerKind.Cyrus ? lacks : null;
}
