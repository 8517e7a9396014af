using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EmailTracking.Tracking.Mail;

/// <summary>From a mail's headers to what the rules take from them. The same headers give the same facts, everywhere.</summary>
public static class FactsOfMail
{
    /// <summary>How many ids are kept from either end of In-Reply-To and References together with each other.</summary>
    public const int ClaimsEdgeMax = 50;

    /// <summary>How many participants are kept, in header order.</summary>
    public const int ParticipantsMax = 10_000;

    /// <summary>The facts of one mail.</summary>
    public static EmailFacts Read(MailHeaders mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        var participants = mail.Participants.Length <= ParticipantsMax ? mail.Participants : mail.Participants[..ParticipantsMax];
        var subject = mail.Subject.Length <= BaseSubject.LengthMax ? mail.Subject : Cut(mail.Subject, BaseSubject.LengthMax);
        EmailAddress? sender = participants is [{ Type: ParticipationType.Sender, Address: { } from }, ..] ? from : null;

        // Bcc is left out: only the sender's own copy has it, and all copies must agree.
        ImmutableArray<EmailAddress> recipients =
        [
            .. participants
                .Where(one => one.Type is ParticipationType.ToRecipient or ParticipationType.CcRecipient)
                .Select(one => one.Address)
                .OfType<EmailAddress>(),
        ];

        MessageId? id = Mail.MessageId.TryParse(mail.MessageId, out var parsed) ? parsed : null;
        var key = id is { } own
            ? MessageKey.Of(own)
            : MessageKey.OfHeaders(SenderText(participants), recipients.Select(one => one.Value), mail.Date, subject);

        var index = Mail.ThreadIndex.TryParse(mail.ThreadIndex, out var found) ? found : default(ThreadIndex?);
        var named = IdsOf(mail, sender, recipients);
        var lists = mail.Lists.Select(GroundTokens.ListName).Where(list => list.Length > 0).Distinct().ToImmutableArray();
        var thread = new ThreadFacts(
            key,
            key,
            mail.Date,
            ClaimsOf(named, key, index),
            index?.Depth ?? 0,
            GroundTokens.VoiceOf(sender, recipients, lists),
            GroundTokens.GroundOf(sender, recipients, lists),
            SenderIsUser: false);

        var facts = new EmailFacts(
            thread, id, participants, subject, mail.Importance, mail.AttachmentCount, mail.AutoSubmitted, named.Nearest, default)
        {
            Labels = LabelHeaders.Normal(mail.Labels),
            ForwardedFrom = mail.ForwardedFrom,
        };
        return facts with { Digest = DigestOf(facts) };
    }

    // Some programs write "Message from Ana <ana@contoso.com> of Monday": the address of somebody who takes part is no id.
    private static NamedIds IdsOf(MailHeaders mail, EmailAddress? sender, ImmutableArray<EmailAddress> recipients)
    {
        var people = recipients.Select(one => one.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        people.Add(sender?.Value ?? "");
        return new(
            [.. MessageId.ParseAll(mail.InReplyTo).Where(id => !people.Contains(id.Value))],
            [.. MessageId.ParseAll(mail.References).Where(id => !people.Contains(id.Value))]);
    }

    private static ImmutableArray<Claim> ClaimsOf(NamedIds named, MessageKey own, ThreadIndex? index)
    {
        var claims = MessageId.Bounded(named.InReplyTo, ClaimsEdgeMax)
            .Select(id => new Claim(MessageKey.Of(id), ClaimKind.InReplyTo))
            .Concat(MessageId.Bounded(named.References, ClaimsEdgeMax)
                .Reverse()
                .Select(id => new Claim(MessageKey.Of(id), ClaimKind.References)));
        if (index is { } one)
        {
            claims = claims.Append(new Claim(one.Root, ClaimKind.ThreadIndex));
        }

        return [.. claims.Where(claim => claim.Key != own).DistinctBy(claim => claim.Key)];
    }

    // Without an address, what stands there tells two senders apart as well as can be.
    private static string SenderText(ImmutableArray<Participant> participants) =>
        participants is [{ Type: ParticipationType.Sender } from, ..] ? from.Address?.Value ?? from.Name : "";

    private static MessageKey DigestOf(EmailFacts facts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, facts.MessageId?.Value ?? "");
        Add(hash, facts.Thread.SentOn?.UtcTicks.ToString(CultureInfo.InvariantCulture) ?? "");
        Add(hash, facts.Subject);
        Add(hash, facts.AutoSubmitted ?? "");
        Add(hash, string.Create(CultureInfo.InvariantCulture, $"{facts.Importance} {facts.Thread.IndexDepth}"));
        foreach (var participant in facts.Participants)
        {
            Add(hash, string.Create(CultureInfo.InvariantCulture, $"{(int)participant.Type} {participant.Address?.Value} {participant.Name}"));
        }

        foreach (var claim in facts.Thread.Claims)
        {
            hash.AppendData(claim.Key.ToBytes());
            hash.AppendData([(byte)claim.Kind]);
        }

        hash.AppendData(facts.Thread.Voice.ToBytes());
        hash.AppendData(facts.Thread.Ground.ToBytes());
        return MessageKey.FromBytes(hash.GetHashAndReset().AsSpan(0, MessageKey.Size));
    }

    private static void Add(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }

    // Never through the middle of a surrogate pair.
    private static string Cut(string text, int length) => text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private sealed record NamedIds(ImmutableArray<MessageId> InReplyTo, ImmutableArray<MessageId> References)
    {
        /// <summary>The id that the mail answers, as text for people.</summary>
        public string? Nearest => InReplyTo.Concat(References.Reverse()).Select(id => id.Value).FirstOrDefault();
    }
}
