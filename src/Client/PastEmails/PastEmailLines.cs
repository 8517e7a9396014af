using System.Collections.Frozen;
using System.Collections.Immutable;
using EmailTracking.Client.RecordFiles;
using EmailTracking.Organizations;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.PastEmails;

/// <summary>From a row of an export of Dataverse's table <c>email</c> to the email.</summary>
/// <param name="tables">The tables that mail may be about.</param>
/// <param name="prefixes">The prefixes of the organization's tracking tokens.</param>
internal sealed class PastEmailLines(KnownTables tables, ImmutableArray<string> prefixes)
{
    private static readonly string[] SenderFields = ["sender", "from"];
    private static readonly string[] ToFields = ["torecipients", "to"];
    private static readonly string[] CcFields = ["ccrecipients", "cc"];

    /// <summary>The fields that are read.</summary>
    public static FrozenSet<string> Known { get; } = FrozenSet.ToFrozenSet(
        [
            "logicalname", "messageid", "inreplyto", "conversationindex", "trackingtoken", "subject", "senton", "createdon",
            .. SenderFields, .. ToFields, .. CcFields, "regardingobjectid", "directioncode",
        ],
        StringComparer.Ordinal);

    /// <exception cref="FormatException">The row is wrong: what is said.</exception>
    public PastEmail Parse(RecordRow row)
    {
        if (row.Problem is { } problem)
        {
            throw new FormatException(problem);
        }

        if (RecordLines.TableOf(row) != "email")
        {
            throw new FormatException("logicalname is email in every row of such a file. Load other records with: emailtracking records load FILE");
        }

        return new PastEmail
        {
            Line = row.Line,
            MessageId = Id(row),
            InReplyTo = [.. MessageId.ParseAll(row.Value("inreplyto")).Where(IsWhole)],
            ThreadIndex = ConversationIndex.Read(row.Value("conversationindex")),
            Subject = Subject(row),
            SentOn = SentOn(row),
            Sender = Addresses(row, SenderFields) switch
            {
                [var sender] => sender,
                [] => throw new FormatException("sender is missing: give the address that sent the email, or leave the row out."),
                var all => throw new FormatException($"sender names {all.Length} addresses. Give the one that sent the email."),
            },
            To = Addresses(row, ToFields),
            Cc = Addresses(row, CcFields),
            IsOutgoing = row.Value("directioncode") is { } direction && Fields.Flag("directioncode", direction),
            Regarding = RegardingTables.Read(row, tables),
        };
    }

    private static MessageId? Id(RecordRow row) => row.Value("messageid") is not { } text ? null
        : MessageId.TryParse(text, out var id) && IsWhole(id) ? id
        : throw new FormatException($"messageid '{text}' is no id such as <20260131.1234@contoso.com>. Leave it blank if it is unknown.");

    // What would be read otherwise than it was written would be another id.
    private static bool IsWhole(MessageId id) => MessageId.TryParse($"<{id}>", out var again) && again == id;

    private static DateTimeOffset SentOn(RecordRow row)
    {
        var field = row.Value("senton") is null ? "createdon" : "senton";
        return row.Value(field) is { } text
            ? Fields.Date(field, text)
            : throw new FormatException("senton is missing: give it, or createdon.");
    }

    private string Subject(RecordRow row)
    {
        var subject = OneLine(row.Value("subject") ?? "");
        if (row.Value("trackingtoken") is not { } text)
        {
            return Cut(subject, BaseSubject.LengthMax);
        }

        if (TrackingTokens.In(text, prefixes) is not [var token])
        {
            throw new FormatException(
                $"trackingtoken '{text}' begins with no prefix of this organization, and would find no answers. Set the prefix that was in use: emailtracking settings set TrackingPrefix PREFIX");
        }

        // Counted is what stands in the subject, and a subject that is cut would lose its end.
        return TrackingTokens.In(Cut(subject, BaseSubject.LengthMax), prefixes).Contains(token)
            ? Cut(subject, BaseSubject.LengthMax)
            : $"{Cut(subject, BaseSubject.LengthMax - token.Length - 1)} {token}".TrimStart();
    }

    private static string OneLine(string text) =>
        string.Concat(text.Select(one => char.IsControl(one) || one is '\u2028' or '\u2029' ? ' ' : one)).Trim();

    private static string Cut(string text, int lengthMax) => text.Length <= lengthMax ? text
        : text[..(char.IsHighSurrogate(text[lengthMax - 1]) ? lengthMax - 1 : lengthMax)];

    // A list, or one text with separators; each an address, or a name with the address in brackets behind it.
    private static ImmutableArray<EmailAddress> Addresses(RecordRow row, string[] fields)
    {
        var field = fields.FirstOrDefault(one => row.Values(one).Length > 0) ?? fields[0];
        return
        [
            .. row.Values(field)
                .SelectMany(text => text.Split(text.Contains(';') ? ';' : ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(text => Fields.Address(field, text.EndsWith('>') ? text[(text.LastIndexOf('<') + 1)..^1] : text))
                .Distinct(),
        ];
    }
}
