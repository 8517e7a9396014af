namespace EmailTracking.Client.Readers;

/// <summary>One thing found while reading: a mail, a problem, or what is left of a mail together with its problem.</summary>
/// <param name="Source">Where it was found.</param>
/// <param name="Content">
/// The mail's bytes as they were before a mailbox quoted them; they belong to the caller, who may keep them. Empty when a
/// problem left nothing, and for a mailbox entry that holds nothing.
/// </param>
/// <param name="Problem">What went wrong; null when the mail is whole.</param>
public sealed record MailItem(MailSource Source, ReadOnlyMemory<byte> Content, MailProblem? Problem);
