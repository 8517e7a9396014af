namespace EmailTracking.Silo.Storage;

/// <summary>The store takes no changes any more. The change is not durable: deliver again to another silo, or after a restart.</summary>
/// <param name="inner">Why the writer stopped; null when the silo shuts down.</param>
public sealed class WriterStoppedException(Exception? inner = null) : Exception(
    inner is null
        ? "The store has stopped with its silo; the change is not durable. Deliver it again."
        : $"The store stopped writing: {inner.Message} The change is not durable; it can be delivered again when the silo was restarted.",
    inner);
