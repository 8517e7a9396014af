namespace EmailTracking.Client.Readers;

/// <summary>Why a file or a message could not be read, or not to its end. A closed list.</summary>
public enum MailProblemKind
{
    /// <summary>The file holds no mail in a form that is read here, or nothing at all.</summary>
    NotAMailbox,

    /// <summary>The file ends too early. The content holds what there is of its last message.</summary>
    Truncated,

    /// <summary>The message is larger than <see cref="MailFilesOptions.MessageBytesMax"/> and was passed over.</summary>
    TooLarge,

    /// <summary>
    /// The system refuses the file or folder, or its compression is damaged. The content holds what came before of that message.
    /// </summary>
    Unreadable,
}

/// <summary>What went wrong with one file or message, for the person who gave the files.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Advice">One or two sentences in English: what was found and what to do. Never quotes mail.</param>
public sealed record MailProblem(MailProblemKind Kind, string Advice)
{
    internal static MailProblem EmptyFile { get; } = new(
        MailProblemKind.NotAMailbox,
        "The file is empty, or not a regular file. If mail was expected in it, copy it again from where it came.");

    internal static MailProblem NoMail { get; } = new(
        MailProblemKind.NotAMailbox,
        "The file is neither an mbox nor an email. Unpack archives and export Outlook files (.msg, .pst) as .eml or mbox; "
        + "an email with an unusual beginning is read when its name ends in .eml.");

    internal static MailProblem CutCompression { get; } = new(
        MailProblemKind.Truncated,
        "The compressed file ends too early: this message and those after it are incomplete or missing. Copy the file again.");

    internal static MailProblem CutLine { get; } = new(
        MailProblemKind.Truncated,
        "The mailbox ends in the middle of a line, so this message may lack its end. Compare it with the original file.");

    internal static MailProblem DamagedCompression { get; } = new(
        MailProblemKind.Unreadable,
        "The compressed file is damaged from here on. Test it with 'gzip -t' and copy it again.");

    internal static MailProblem Missing { get; } = new(
        MailProblemKind.Unreadable,
        "There is no such file or folder. Check the path, and the links on the way to it.");

    internal static MailProblem TooLarge(int messageBytesMax) => new(
        MailProblemKind.TooLarge,
        $"The message is larger than {messageBytesMax} bytes and was passed over. Raise the limit to read it.");

    internal static MailProblem Refused(Exception exception) => new(
        MailProblemKind.Unreadable,
        $"The system could not read it ({exception.Message.TrimEnd('.')}). Check permissions and disk, then read it again.");
}
