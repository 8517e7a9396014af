namespace EmailTracking.Mailboxes.Sync;

/// <summary>The labels (RFC 3501 keywords) that stand for categories.</summary>
public static class Labels
{
    /// <summary>The category "Tracked to Dynamics 365".</summary>
    public const string Tracked = "$Tracked";

    /// <summary>The category "Tracked to Dynamics 365 (Undeliverable)".</summary>
    public const string Undeliverable = "$TrackedUndeliverable";

    /// <summary>Whether a label is among others; servers differ in case.</summary>
    public static bool Has(this IReadOnlyList<string> labels, string label) =>
        labels.Contains(label, StringComparer.OrdinalIgnoreCase);
}
