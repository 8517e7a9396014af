using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage;

/// <summary>A Message-ID out of a column.</summary>
internal static class StoredMessageId
{
    /// <exception cref="InvalidDataException">What is stored is no Message-ID.</exception>
    public static MessageId Read(string text) => MessageId.TryParse($"<{text}>", out var id)
        ? id
        : throw new InvalidDataException("A stored Message-ID is none: the database was changed from outside.");
}
