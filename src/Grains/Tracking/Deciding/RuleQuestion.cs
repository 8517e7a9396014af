using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What the rules of an email's queues made of it.</summary>
/// <param name="Claims">What the email is about by them.</param>
/// <param name="Created">The records that they create.</param>
/// <param name="Contacts">The contacts that unknown senders become.</param>
/// <param name="Traces">Why, for the copy in each queue.</param>
internal sealed record RuleOutcome(
    ImmutableArray<RegardingClaim> Claims,
    ImmutableArray<CreatedRecord> Created,
    ImmutableArray<NewRecord> Contacts,
    ImmutableDictionary<SightingPlace, ImmutableArray<TraceEntry>> Traces);

/// <summary>Where an email stands when the rules are asked.</summary>
/// <param name="IsHeld">Whether it may not speak where it answers.</param>
/// <param name="IsLeftOut">Whether people keep it out.</param>
/// <param name="About">What it is about without a rule.</param>
/// <param name="Before">What rules said of the email that it takes that from.</param>
/// <param name="After">What rules said of emails that answer it, and came first.</param>
internal sealed record RuleContext(
    bool IsHeld, bool IsLeftOut, RegardingLink? About, ImmutableArray<RegardingClaim> Before, ImmutableArray<RegardingClaim> After);

/// <summary>The rules that an email is asked: those of the queues that it reaches for the first time.</summary>
/// <remarks>
/// A deed: each queue decides once, when the first copy is accepted in its mailbox, with what is known then. So a mail in Bcc counts, a
/// second copy makes nothing, and which queue saw it first plays no part: what the email is about is told by the order of its recipients.
/// A conversation becomes one record of a table, also when an answer came before what it answers.
/// </remarks>
internal sealed class RuleQuestion
{
    private readonly string _organization;
    private readonly MessageKey _key;
    private readonly ImmutableArray<(Sighting Copy, RuleVersion? Version)> _asked;
    private readonly SenderChoice _choice;
    private readonly NewRecord? _made;
    private readonly TrackingSnapshot _snapshot;

    private RuleQuestion(
        string organization,
        MessageKey key,
        ImmutableArray<(Sighting Copy, RuleVersion? Version)> asked,
        SenderChoice choice,
        NewRecord? made,
        TrackingSnapshot snapshot) =>
        (_organization, _key, _asked, _choice, _made, _snapshot) = (organization, key, asked, choice, made, snapshot);

    /// <summary>The question; null when no queue with a rule is reached for the first time.</summary>
    /// <param name="organization">The organization's key.</param>
    /// <param name="candidate">The email.</param>
    /// <param name="choice">The record that its sender stands for.</param>
    /// <param name="made">The record that its sender becomes by the options of a mailbox; null when it becomes none.</param>
    /// <param name="snapshot">Rules, records and decisions.</param>
    public static RuleQuestion? Of(
        string organization, Candidate candidate, SenderChoice choice, NewRecord? made, TrackingSnapshot snapshot)
    {
        if (snapshot.Rules.IsEmpty || candidate.Hand.Erased is not null || candidate.IsSentCopy)
        {
            return null;
        }

        ImmutableArray<(Sighting, RuleVersion?)> asked =
        [
            .. candidate.Accepted
                .Select(judged => judged.Sighting)
                .Where(copy => copy.FolderKind == FolderKind.Inbox && snapshot.Mailboxes[copy.Place.Mailbox].IsQueue &&
                    snapshot.Rules.Any(version => version.Queue == copy.Place.Mailbox))
                .GroupBy(copy => copy.Place.Mailbox)
                .Where(queue => !snapshot.Decisions.Any(decision =>
                    decision.Email == candidate.Key && decision.Place.Mailbox == queue.Key && decision.Outcome == Outcome.Tracked))
                .Select(queue => queue.MinBy(copy => copy.Facts.Digest)!)
                .OrderBy(copy => copy.Place.Mailbox.Value, StringComparer.Ordinal)
                .Select(copy => (copy, InForce(copy.Place, snapshot))),
        ];
        return asked.IsEmpty ? null : new RuleQuestion(organization, candidate.Key, asked, choice, made, snapshot);
    }

    /// <summary>Decides for every queue.</summary>
    public RuleOutcome Decide(RuleContext context)
    {
        var claims = ImmutableArray.CreateBuilder<RegardingClaim>();
        var created = ImmutableArray.CreateBuilder<CreatedRecord>();
        var contacts = ImmutableArray.CreateBuilder<NewRecord>();
        var traces = ImmutableDictionary.CreateBuilder<SightingPlace, ImmutableArray<TraceEntry>>();
        var queues = context.Before.Select(claim => claim.Mailbox).Distinct().Count();
        foreach (var (copy, version) in _asked)
        {
            var trace = ImmutableArray.CreateBuilder<TraceEntry>();

            var isMute = context.IsHeld || context.IsLeftOut;

            // Of a mail that became a record in several queues, an answer is about those of the queues that it still goes to.
            var own = queues > 1 ? context.Before.FirstOrDefault(claim => claim.Mailbox == copy.Place.Mailbox) : null;
            if (own is not null && !isMute)
            {
                claims.Add(Claim(RegardingSource.QueueRule, own.Record, copy));
                trace.Add(TraceEntry.Of(TraceCode.RuleRelated, own.Record.ToString(), copy.Place.Mailbox.Value));
            }

            if (version?.Rule is not { } rule)
            {
                trace.Add(Skipped("", version, RuleSkip.NoRule, copy.Place.Mailbox.Value));
            }
            else if (Create(rule, version, copy, context, own, claims, contacts, trace) is { } record)
            {
                created.Add(record);

                // What it answers is resolved or gone: the new record goes before it.
                claims.Add(Claim(
                    context.About is null && own is null ? RegardingSource.Rule : RegardingSource.QueueRule, record.Reference, copy));
                claims.RemoveAll(claim => own is not null && claim.Record == own.Record && claim.Mailbox == copy.Place.Mailbox);
            }

            traces[copy.Place] = trace.DrainToImmutable();
        }

        return new RuleOutcome(claims.DrainToImmutable(), created.DrainToImmutable(), contacts.DrainToImmutable(), traces.ToImmutable());
    }

    // The version that was in force when the copy was first offered: a rule that was changed while it waited changes nothing for it.
    private static RuleVersion? InForce(SightingPlace place, TrackingSnapshot snapshot)
    {
        var seenOn = snapshot.Decisions.FirstOrDefault(decision => decision.Place == place)?.SeenOn ?? DateTimeOffset.MaxValue;
        return snapshot.Rules.Where(version => version.Queue == place.Mailbox && version.ChangedOn <= seenOn).MaxBy(version => version.Version);
    }

    private CreatedRecord? Create(
        CreationRule rule,
        RuleVersion version,
        Sighting copy,
        RuleContext context,
        RegardingClaim? own,
        ImmutableArray<RegardingClaim>.Builder claims,
        ImmutableArray<NewRecord>.Builder contacts,
        ImmutableArray<TraceEntry>.Builder trace)
    {
        if (Refusal(rule, copy, context) is { } refused)
        {
            trace.Add(Skipped(rule.Name, version, refused, ""));
            return null;
        }

        var (sender, name, isForwarded) = WroteTo(copy.Facts);
        var record = isForwarded ? Known(sender) : Known(sender, _choice.Record);
        var contact = record is null && rule.UnknownSenders == UnknownSenders.CreateContact ? NewContact(sender, name, copy) : null;
        if (record is null && contact is null && rule.UnknownSenders != UnknownSenders.Allow)
        {
            trace.Add(Skipped(rule.Name, version, RuleSkip.UnknownSender, sender?.Value ?? ""));
            return null;
        }

        var shown = record ?? (isForwarded ? TableOf(sender) : _choice.Record);
        var matching = rule.Items.Where(item => RuleConditions.Hold(item, copy.Facts, sender, shown)).ToArray();
        if (matching is not [var item, .. var others])
        {
            trace.Add(Skipped(rule.Name, version, RuleSkip.NoItem, ""));
            return null;
        }

        if (own is null && context.After.FirstOrDefault(claim => claim.Record.LogicalName == item.Creates) is { } later)
        {
            claims.Add(Claim(RegardingSource.Rule, later.Record, copy));
            trace.Add(Skipped(rule.Name, version, RuleSkip.AnsweredBefore, later.Record.ToString()));
            return null;
        }

        // Who answers a mail about a record of another table in this queue wants another thing; a folder or a person that says what it is
        // about does not.
        if ((own?.Record ?? context.About?.Record) is { } before && Standing(before, item.Creates, rule, copy.ReceivedOn) is { } standing &&
            !(standing == RuleSkip.OtherTable && own is null && context.About?.Email is not null))
        {
            trace.Add(Skipped(rule.Name, version, standing, before.ToString()));
            return null;
        }

        if (contact is not null)
        {
            contacts.Add(contact);
        }

        var customer = Customer(rule, record) ?? contact?.Reference;
        var mailbox = _snapshot.Mailboxes[copy.Place.Mailbox];
        var reference = new RecordReference(item.Creates, NamedId.OfCreated(_organization, _key, mailbox.Address));
        trace.Add(TraceEntry.Of(TraceCode.RuleFired, rule.Name, Number(version), item.Name, reference.ToString()));
        trace.AddRange(others.Select(other => TraceEntry.Of(TraceCode.RuleAlsoMatches, other.Name, other.Creates)));
        trace.Add(TraceEntry.Of(
            TraceCode.RuleCustomer, customer?.ToString() ?? "", sender?.Value ?? "", isForwarded ? "forwarded" : contact is not null ? "created" : ""));
        return new CreatedRecord(
            reference,
            Title(copy.Facts, sender),
            Parties.TrackingOwner(mailbox, _snapshot.RecordsOf),
            customer,
            _key,
            mailbox.Address,
            version.Version,
            item.Name);
    }

    private static RuleSkip? Refusal(CreationRule rule, Sighting copy, RuleContext context) =>
        context.IsLeftOut ? RuleSkip.LeftOut
        : copy.IsBackfill && !rule.TakesImported ? RuleSkip.Imported
        : !rule.TakesAutoSubmitted && (copy.Facts.AutoSubmitted is not null || IsBounce(copy.Facts)) ? RuleSkip.AutoSubmitted
        : context.IsHeld ? RuleSkip.Held
        : null;

    // Old mail servers send bounces without Auto-Submitted (RFC 3834 section 5); by these names they are known.
    private static bool IsBounce(EmailFacts mail) => mail.Sender is { } sender &&
        sender.Value.AsSpan(0, sender.Value.IndexOf('@', StringComparison.Ordinal)) is "mailer-daemon" or "postmaster";

    // What stands in the text of a mail is believed to a colleague, and to nobody else.
    private (EmailAddress? Sender, string Name, bool IsForwarded) WroteTo(EmailFacts mail) =>
        mail.ForwardedFrom is { Address: { } original } author && mail.Sender is { } sender &&
        _snapshot.RecordsOf(sender).Any(record => record is { IsActive: true, Reference.LogicalName: Tables.SystemUser })
            ? (original, author.Name, true)
            : (mail.Sender, mail.Participants.Select(one => one.Name).FirstOrDefault() ?? "", false);

    // Whom a person chose for the address, else the first of its contacts and accounts.
    private RecordReference? Known(EmailAddress? address, RecordReference? sender = null) =>
        sender is { LogicalName: Tables.Contact or Tables.Account } ? sender
        : address is not { } one ? null
        : SenderChoice.Of([.. _snapshot.RecordsOf(one).Where(record => record.Reference.LogicalName is Tables.Contact or Tables.Account)], null).Record;

    private RecordReference? TableOf(EmailAddress? address) => address is { } one
        ? _snapshot.RecordsOf(one).OrderBy(record => Tables.SenderRank(record.Reference.LogicalName)).Select(record => (RecordReference?)record.Reference)
            .FirstOrDefault()
        : null;

    // An address that is a record already, or becomes a lead with this mail, becomes no contact.
    private NewRecord? NewContact(EmailAddress? address, string name, Sighting copy) => address is { } one && !_snapshot.RecordsOf(one).Any() &&
        !(_made is { Reference.LogicalName: not Tables.Contact } && one == copy.Facts.Sender)
        ? NewRecords.Contact(_organization, one, name, _snapshot.Mailboxes[copy.Place.Mailbox], _snapshot.Settings)
        : null;

    private RecordReference? Customer(CreationRule rule, RecordReference? sender) => sender is { LogicalName: Tables.Contact } contact &&
        rule.Customer == RuleCustomer.Account
            ? _snapshot.Related.GetValueOrDefault(contact, []).Where(one => one.LogicalName == Tables.Account)
                .Select(one => (RecordReference?)one).FirstOrDefault() ?? contact
            : sender;

    // A record of which nothing is known is there and open, as far as anybody can tell.
    private RuleSkip? Standing(RecordReference about, string creates, CreationRule rule, DateTimeOffset now)
    {
        var life = _snapshot.Lives.GetValueOrDefault(about);
        if (life?.Successor is { } successor)
        {
            (about, life) = (successor, _snapshot.Lives.GetValueOrDefault(successor));
        }

        return life?.DeletedOn is not null ? null
            : about.LogicalName != creates ? RuleSkip.OtherTable
            : life is not { IsActive: false } ? RuleSkip.Active
            : rule.Resolved == ResolvedRecords.Keep ? RuleSkip.Resolved
            : life.InactiveOn is { } since && now < since + rule.WaitAfterResolved ? RuleSkip.ResolvedLately
            : null;
    }

    private RegardingClaim Claim(RegardingSource source, RecordReference record, Sighting copy) => new(
        source,
        record,
        copy.Place.Mailbox,
        null,
        AcceptingEntity.PositionOf(_snapshot.Mailboxes[copy.Place.Mailbox], copy.Facts, _snapshot.RecordsOf));

    private static TraceEntry Skipped(string rule, RuleVersion? version, RuleSkip reason, string detail) =>
        TraceEntry.Of(TraceCode.RuleSkipped, rule, version is null ? "0" : Number(version), reason.ToString(), detail);

    private static string Number(RuleVersion version) => version.Version.ToString(CultureInfo.InvariantCulture);

    private static string Title(EmailFacts mail, EmailAddress? sender)
    {
        const int LengthMax = 200;
        var title = mail.Subject.Trim() is { Length: > 0 } subject ? subject : sender?.Value ?? "(no subject)";
        return title.Length <= LengthMax ? title : title[..(char.IsHighSurrogate(title[LengthMax - 1]) ? LengthMax - 1 : LengthMax)];
    }
}
