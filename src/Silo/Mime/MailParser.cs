using EmailTracking.Intake;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Mime;

/// <summary>The grains' view of <see cref="MimeMapper"/>.</summary>
/// <param name="mapper">Reads the mail.</param>
public sealed class MailParser(MimeMapper mapper) : IMailParser
{
    /// <inheritdoc/>
    public ParsedMail Parse(ReadOnlyMemory<byte> content) => mapper.Map(content) switch
    {
        MimeResult.Mapped mapped => new ParsedMail.Mail(mapped.Headers),
        MimeResult.Unmappable none => new ParsedMail.None(ReasonCode.NotMail, none.Sentence),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
