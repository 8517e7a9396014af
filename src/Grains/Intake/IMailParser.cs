using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Intake;

/// <summary>Reads raw mail. It never fails on what an outsider wrote, and bounds time and memory.</summary>
public interface IMailParser
{
    /// <summary>Reads the headers of one mail.</summary>
    /// <param name="content">The raw bytes.</param>
    ParsedMail Parse(ReadOnlyMemory<byte> content);
}

/// <summary>What reading raw mail came to.</summary>
public abstract record ParsedMail
{
    private ParsedMail()
    {
    }

    /// <summary>It is mail.</summary>
    /// <param name="Headers">What its headers say.</param>
    public sealed record Mail(MailHeaders Headers) : ParsedMail;

    /// <summary>It is none, or is larger than allowed.</summary>
    /// <param name="Reason">Which of these.</param>
    /// <param name="Problem">What to do about it, in a sentence.</param>
    public sealed record None(ReasonCode Reason, string Problem) : ParsedMail;
}
