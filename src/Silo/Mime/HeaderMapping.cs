using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Mime;

/// <summary>From one mail's header block to <see cref="MailHeaders"/>.</summary>
internal readonly ref struct HeaderMapping
{
    // An index longer than this, or an id, is none: the core's own bounds are shorter.
    private const int ValueLengthMax = 8_192;
    private const int AutoSubmittedLengthMax = 100;

    // In order of what senders mean by them most reliably.
    private static readonly HeaderName[] ImportanceHeaders =
        [HeaderName.Importance, HeaderName.XPriority, HeaderName.XMsMailPriority, HeaderName.Priority];

    // In the order of LabelHeaders.Names.
    private static readonly HeaderName[] LabelHeaderNames =
        [HeaderName.Sensitivity, HeaderName.Keywords, HeaderName.XClassification, HeaderName.XLabel, HeaderName.XSpamFlag];

    private readonly HeaderBlock _block;
    private readonly ReadOnlySpan<byte> _mail;
    private readonly MimeOptions _options;
    private readonly WarningSet _warnings;
    private readonly HeaderText _text;

    /// <param name="block">Where the headers lie.</param>
    /// <param name="mail">The bytes they lie in.</param>
    /// <param name="charset">The charset of the mail's text; null when unknown.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="warnings">Takes what was odd.</param>
    internal HeaderMapping(HeaderBlock block, ReadOnlySpan<byte> mail, string? charset, MimeOptions options, WarningSet warnings)
    {
        (_block, _options, _warnings, _text) = (block, options, warnings, new HeaderText(charset, warnings));
        _mail = mail;
    }

    internal MailHeaders Read(int attachments, Participant? forwardedFrom)
    {
        var headers = new MailHeaders
        {
            MessageId = MessageIdValue(),
            InReplyTo = IdHeaders.Read(_mail, _block.ValuesOf(HeaderName.InReplyTo), _text, _options, _warnings),
            References = IdHeaders.Read(_mail, _block.ValuesOf(HeaderName.References), _text, _options, _warnings),
            ThreadIndex = Line(HeaderName.ThreadIndex, ValueLengthMax),
            Date = Date(),
            Participants = ReadParticipants(),
            Subject = Line(HeaderName.Subject, BaseSubject.LengthMax) ?? "",
            Lists = Lists(),
            AutoSubmitted = AutoSubmitted(),
            Importance = Importance(),
            AttachmentCount = attachments,
            Labels = Labels(),
            ForwardedFrom = forwardedFrom,
        };
        if (_block.HasRepeats())
        {
            _warnings.Add(MimeWarning.HeaderRepeated);
        }

        return headers;
    }

    private string? MessageIdValue()
    {
        var value = IdHeaders.Read(_mail, _block.ValuesOf(HeaderName.MessageId), _text, _options, _warnings);
        if (value is null)
        {
            return null;
        }

        if (!MessageId.TryParse(value, out _))
        {
            _warnings.Add(MimeWarning.MessageIdUnusable);
        }

        return StorableText.Value(value, ValueLengthMax, _warnings);
    }

    private DateTimeOffset? Date()
    {
        var value = _text.Unfold(First(HeaderName.Date));
        var date = MessageDate.Read(value);
        if (date is null && value.Length > 0)
        {
            _warnings.Add(MimeWarning.DateUnreadable);
        }

        return date;
    }

    private ImmutableArray<Participant> ReadParticipants()
    {
        var participants = new Participants(_text, _options, _warnings);

        // RFC 5322 section 3.6.2: with several authors, Sender says who sent it; Dynamics takes the first author all the same.
        if (!participants.Add(ParticipationType.Sender, First(HeaderName.From), max: 1)
            && !participants.Add(ParticipationType.Sender, First(HeaderName.Sender), max: 1))
        {
            _warnings.Add(MimeWarning.SenderMissing);
        }

        AddRecipients(participants, ParticipationType.ToRecipient, HeaderName.To);
        AddRecipients(participants, ParticipationType.CcRecipient, HeaderName.Cc);
        AddRecipients(participants, ParticipationType.BccRecipient, HeaderName.Bcc);
        return participants.Found;
    }

    // RFC 5322 section 3.6 allows one header of each kind; some programs write several, and all of them name recipients.
    private void AddRecipients(Participants participants, ParticipationType type, HeaderName name)
    {
        foreach (var value in _block.ValuesOf(name))
        {
            participants.Add(type, _mail[value]);
        }
    }

    private ImmutableArray<string> Lists()
    {
        var lists = ImmutableArray.CreateBuilder<string>();
        if (Line(HeaderName.ListId, ValueLengthMax) is { } id && ListHeaders.Id(id) is { } list)
        {
            lists.Add(list);
        }

        lists.AddRange(ListHeaders.Posts(Line(HeaderName.ListPost, ValueLengthMax) ?? ""));
        var warnings = _warnings;
        return [.. lists.Select(one => StorableText.Line(one, ListHeaders.LengthMax, warnings))];
    }

    private ImmutableArray<string> Labels()
    {
        var labels = ImmutableArray<string>.Empty;
        foreach (var (index, header) in LabelHeaderNames.Index())
        {
            // RFC 5322 section 3.6 lets Keywords repeat; programs repeat the others.
            foreach (var value in _block.ValuesOf(header).Take(LabelHeaders.CountMax))
            {
                var text = StorableText.Line(_text.Text(_mail[value]), ValueLengthMax, _warnings);
                labels = text.Length > 0 ? labels.Add($"{LabelHeaders.Names[index]}: {text}") : labels;
            }
        }

        return labels;
    }

    private string? AutoSubmitted()
    {
        // RFC 3834 section 5.2: a word, then parameters or a comment.
        var value = Line(HeaderName.AutoSubmitted, AutoSubmittedLengthMax);
        return value is null || value.Split(';', '(', ' ')[0].Equals("no", StringComparison.OrdinalIgnoreCase) ? null : value;
    }

    private int Importance()
    {
        foreach (var name in ImportanceHeaders)
        {
            if (Line(name, ValueLengthMax) is { } value && MailImportance.Read(value) is { } importance)
            {
                return importance;
            }
        }

        return 1;
    }

    private string? Line(HeaderName name, int lengthMax)
    {
        var value = First(name);
        var line = value.IsEmpty ? "" : StorableText.Line(_text.Text(value), lengthMax, _warnings);
        return line.Length > 0 ? line : null;
    }

    private ReadOnlySpan<byte> First(HeaderName name) => _block.FirstOf(name, _mail);
}
