using System.Buffers;
using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;
using MimeKit;

namespace EmailTracking.Silo.Mime;

/// <summary>Reads the participants of one mail.</summary>
internal sealed class Participants(HeaderText text, MimeOptions options, WarningSet warnings)
{
    /// <summary>The longest display name that is kept, in characters: what <see cref="Participant"/> promises.</summary>
    internal const int NameLengthMax = 160;

    // No address is longer than 320 characters; the rest is room for an encoded name.
    private const int AddressBytesMax = 2048;

    // RFC 5322 section 3.2.3, but for dot and at.
    private static readonly SearchValues<char> Specials = SearchValues.Create("()<>[]:;\\,\"");

    private readonly ImmutableArray<Participant>.Builder _found = ImmutableArray.CreateBuilder<Participant>();

    /// <summary>Everyone that was added, in order.</summary>
    internal ImmutableArray<Participant> Found => _found.DrainToImmutable();

    /// <summary>Adds whom a header value names.</summary>
    /// <param name="type">The part they play.</param>
    /// <param name="value">The raw value.</param>
    /// <param name="max">How many of them count.</param>
    /// <returns>Whether there is anyone.</returns>
    internal bool Add(ParticipationType type, ReadOnlySpan<byte> value, int max = int.MaxValue)
    {
        var isCut = value.Length > options.HeaderBytesMax;
        if (isCut)
        {
            warnings.Add(MimeWarning.HeaderCut);
            value = value[..options.HeaderBytesMax];
        }

        var bytes = text.Utf8Of(text.Unfold(value));
        var before = _found.Count;
        foreach (var range in AddressList.Split(bytes))
        {
            // What a cut went through is not a whole address.
            if (_found.Count - before == max || (isCut && range.End.Value == bytes.Length))
            {
                break;
            }

            if (_found.Count == options.ParticipantsMax)
            {
                warnings.Add(MimeWarning.ParticipantsCut);
                break;
            }

            _found.Add(Read(type, bytes, range));
        }

        return _found.Count > before;
    }

    private Participant Read(ParticipationType type, byte[] bytes, Range range)
    {
        var (start, length) = range.GetOffsetAndLength(bytes.Length);
        var part = bytes.AsSpan(start, length);
        if (length > AddressBytesMax)
        {
            return Unreadable(type, text.Text(part[..AddressBytesMax]));
        }

        text.VetWords(part);
        if (!InternetAddress.TryParse(text.Options, bytes, start, length, out var parsed) || parsed is not MailboxAddress mailbox)
        {
            return FromText(type, text.Text(part));
        }

        if (!EmailAddress.TryParse(mailbox.Address, out var address))
        {
            return FromText(type, text.Text(part));
        }

        var name = mailbox.Name ?? "";
        if (HeaderText.IsGarbled(name)
            && InternetAddress.TryParse(text.Options, HeaderText.Charless(part), 0, length, out var guess)
            && guess.Name is { } guessed && !HeaderText.IsGarbled(guessed))
        {
            name = text.Guessed(guessed);
        }

        return new Participant(type, address, StorableText.Line(name, NameLengthMax, warnings));
    }

    // The whole of it encoded, or junk around it: the last thing in brackets is the address. Without brackets it may be one that
    // is met although it is not legal (two dots in a row).
    private Participant FromText(ParticipationType type, string whole)
    {
        var close = whole.LastIndexOf('>');
        var open = close < 0 ? -1 : whole.LastIndexOf('<', close);
        var (name, inside) = open < 0 ? ("", whole) : (whole[..open].Trim(' ', '"'), whole[(open + 1)..close]);
        return inside.AsSpan().IndexOfAny(Specials) < 0 && EmailAddress.TryParse(inside, out var address)
            ? new Participant(type, address, StorableText.Line(name, NameLengthMax, warnings))
            : Unreadable(type, whole);
    }

    private Participant Unreadable(ParticipationType type, string whole)
    {
        warnings.Add(MimeWarning.AddressUnreadable);
        return new Participant(type, null, StorableText.Line(whole, NameLengthMax, warnings));
    }
}
