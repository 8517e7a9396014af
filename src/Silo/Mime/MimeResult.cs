using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Mime;

/// <summary>What became of one mail's bytes.</summary>
public abstract record MimeResult
{
    private MimeResult()
    {
    }

    /// <summary>The mail was read.</summary>
    /// <param name="Headers">What tracking takes from it.</param>
    /// <param name="Warnings">What was odd about it, each once, in the order of <see cref="MimeWarning"/>; mostly empty.</param>
    public sealed record Mapped(MailHeaders Headers, ImmutableArray<MimeWarning> Warnings) : MimeResult;

    /// <summary>The bytes are not a mail that could be told from others.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Sentence">The same for a person, with what to do about it; names nothing of the content.</param>
    public sealed record Unmappable(UnmappableReason Reason, string Sentence) : MimeResult;
}

/// <summary>Why bytes are not a mail.</summary>
public enum UnmappableReason
{
    /// <summary>No bytes, or blanks only.</summary>
    Empty,

    /// <summary>An Outlook .msg file (OLE compound file, [MS-CFB] 2.2).</summary>
    OutlookMessage,

    /// <summary>A winmail.dat file ([MS-OXTNEF] 2.1.3.1): an attachment without its mail.</summary>
    Tnef,

    /// <summary>A compressed file or archive.</summary>
    Compressed,

    /// <summary>Other bytes that are no text.</summary>
    Binary,

    /// <summary>Text that does not begin with a header field.</summary>
    /// <remarks>
    /// RFC 5322 section 3.6 requires From and Date. Lenient readers show such a file as a body without headers; tracking cannot,
    /// because all mail of this kind would be known by the same key and be taken for one email.
    /// </remarks>
    NoHeader,

    /// <summary>Header fields, but none of Message-ID, From, Sender, To, Cc, Bcc, Date and Subject says anything.</summary>
    NoIdentity,

    /// <summary>Reading failed in a way that was not foreseen: ours to repair.</summary>
    Failed,
}

/// <summary>What was odd about a mail that could be read all the same.</summary>
public enum MimeWarning
{
    /// <summary>A byte order mark, blank lines or an mbox "From " line stand before the first header.</summary>
    LeadingLines,

    /// <summary>Lines end in a carriage return alone.</summary>
    BareCarriageReturns,

    /// <summary>A line among the headers is neither a header nor a continuation; it was skipped.</summary>
    HeaderLineUnreadable,

    /// <summary>The body follows the headers without an empty line.</summary>
    SeparatorMissing,

    /// <summary>More headers than <see cref="MimeOptions.HeadersMax"/> or <see cref="MimeOptions.HeaderBlockBytesMax"/>.</summary>
    HeadersCut,

    /// <summary>A header value longer than <see cref="MimeOptions.HeaderBytesMax"/>.</summary>
    HeaderCut,

    /// <summary>A header that may stand once stands more than once: ids were joined, of others the first counts.</summary>
    HeaderRepeated,

    /// <summary>Text in no charset, in an unknown one or not in the one it claims; the likeliest was taken.</summary>
    CharsetGuessed,

    /// <summary>NUL, control characters or lone surrogates were taken out.</summary>
    CharactersReplaced,

    /// <summary>A subject, name or other text longer than is stored.</summary>
    TextCut,

    /// <summary>There is a Message-ID header, but no id in it.</summary>
    MessageIdUnusable,

    /// <summary>Neither From nor Sender names anyone.</summary>
    SenderMissing,

    /// <summary>A participant whose address cannot be read; kept by its text.</summary>
    AddressUnreadable,

    /// <summary>More participants than <see cref="MimeOptions.ParticipantsMax"/>.</summary>
    ParticipantsCut,

    /// <summary>There is a Date header, but no date that can be true in it.</summary>
    DateUnreadable,

    /// <summary>A multipart without a boundary: its parts were not counted.</summary>
    BoundaryMissing,

    /// <summary>Multiparts lie deeper in each other than <see cref="MimeOptions.MimeDepthMax"/>.</summary>
    DepthCut,

    /// <summary>More parts than <see cref="MimeOptions.PartsMax"/>; attachments beyond were not counted.</summary>
    PartsCut,

    /// <summary>A body longer than <see cref="MimeOptions.MessageBytesMax"/>; attachments beyond were not counted.</summary>
    BodyCut,
}

/// <summary>The warnings of one mail while it is read.</summary>
internal sealed class WarningSet
{
    private uint _bits;

    internal void Add(MimeWarning warning) => _bits |= 1u << (int)warning;

    internal void AddAll(WarningSet others) => _bits |= others._bits;

    internal ImmutableArray<MimeWarning> ToArray() =>
        _bits == 0 ? [] : [.. Enum.GetValues<MimeWarning>().Where(warning => (_bits & (1u << (int)warning)) != 0)];
}
