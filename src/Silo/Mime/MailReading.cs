using System.Text;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Mime;

/// <summary>One mail while it is read: headers, then as much of the body as matters, then the result.</summary>
/// <remarks>
/// A fault in reading becomes <see cref="UnmappableReason.Failed"/> here, so that one mail that nobody foresaw stops no others;
/// the stream's own faults are not caught.
/// </remarks>
internal sealed class MailReading(MimeOptions options)
{
    private readonly WarningSet _warnings = new();
    private HeaderBlock? _block;
    private MediaType _top;
    private PartCounter? _parts;
    private ForwardedBody? _forwarded;
    private UnmappableReason? _reason;
    private string? _fault;

    /// <summary>Whether more of the body would change the result.</summary>
    internal bool WantsBody => _reason is null && (_parts is { IsDone: false } || _forwarded is { IsFull: false });

    /// <summary>The first byte of the body; after <see cref="TakeHeaders"/>.</summary>
    internal int BodyStart => _block?.BodyStart ?? 0;

    /// <summary>Takes the beginning of the mail.</summary>
    /// <returns>Whether the headers are all there; else it must be called again with more.</returns>
    internal bool TakeHeaders(ReadOnlySpan<byte> mail, bool isEnd)
    {
        try
        {
            return TryHeaders(mail, isEnd);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return Fail(error);
        }
    }

    /// <summary>Takes the next bytes of the body.</summary>
    /// <returns>How many were used; the rest is given again with what follows.</returns>
    internal int TakeBody(ReadOnlySpan<byte> body, bool isEnd)
    {
        try
        {
            var used = _parts is { IsDone: false } ? _parts.Feed(body, isEnd) : body.Length;
            _forwarded?.Take(body[..used]);
            return used;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Fail(error);
            return body.Length;
        }
    }

    /// <summary>Ends the body.</summary>
    /// <param name="isCut">Whether there was more of it.</param>
    internal void EndBody(bool isCut)
    {
        if (isCut && WantsBody)
        {
            _warnings.Add(MimeWarning.BodyCut);
        }
    }

    /// <summary>The result.</summary>
    /// <param name="mail">At least the headers of the mail.</param>
    internal MimeResult Finish(ReadOnlySpan<byte> mail)
    {
        try
        {
            if (_reason is null)
            {
                var headers = new HeaderMapping(_block!, mail, _top.Charset ?? _parts?.TextCharset, options, _warnings)
                    .Read(_parts?.Attachments ?? (_top.IsAttachment ? 1 : 0), _forwarded?.Find());
                if (IsKnowable(headers))
                {
                    return new MimeResult.Mapped(headers, _warnings.ToArray());
                }

                _reason = UnmappableReason.NoIdentity;
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Fail(error);
        }

        return FileSigns.Unmappable(_reason!.Value, _fault);
    }

    private bool TryHeaders(ReadOnlySpan<byte> mail, bool isEnd)
    {
        _reason = mail.Length >= FileSigns.BytesMin || isEnd ? FileSigns.Of(mail) : null;
        if (_reason is not null)
        {
            return true;
        }

        _block = HeaderBlock.Read(mail, isEnd, options, _warnings);
        if (_block is null)
        {
            return false;
        }

        if (_block.Count == 0)
        {
            _reason = FileSigns.WithoutHeader(mail);
            return true;
        }

        var text = new HeaderText(null, new WarningSet());
        _top = MediaType.Read(
            text.Unfold(_block.FirstOf(HeaderName.ContentType, mail)),
            text.Unfold(_block.FirstOf(HeaderName.ContentDisposition, mail)),
            isDigest: false);
        _parts = _top.IsMultipart && !_block.IsCut ? new PartCounter(_top, _block.LineEnd, options, _warnings) : null;
        _forwarded = !_block.IsCut && BaseSubject.IsForward(text.Text(_block.FirstOf(HeaderName.Subject, mail)))
            ? new ForwardedBody(_top, Encoding.Latin1.GetString(_block.FirstOf(HeaderName.ContentTransferEncoding, mail)), options)
            : null;
        return true;
    }

    private bool Fail(Exception error)
    {
        (_reason, _fault) = (UnmappableReason.Failed, error.GetType().Name);
        return true;
    }

    // Mails without any of this would all be known by one key.
    private static bool IsKnowable(MailHeaders headers) =>
        headers.Date is not null || headers.Subject.Length > 0 || headers.Participants.Length > 0
        || MessageId.TryParse(headers.MessageId, out _);
}
