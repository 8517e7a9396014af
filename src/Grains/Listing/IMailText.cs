namespace EmailTracking.Listing;

/// <summary>Reads the text of raw mail that people search. It never fails on what an outsider wrote, and bounds time and memory.</summary>
public interface IMailText
{
    /// <summary>The text of the body and the names of attachments, at most 65,536 characters; empty when there is none.</summary>
    /// <param name="content">The raw bytes.</param>
    string Read(ReadOnlyMemory<byte> content);
}
