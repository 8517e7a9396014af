using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Deciding;

/// <summary>What the sightings of a batch make of one tracked email, before its place is found.</summary>
internal sealed class Draft
{
    private Draft(
        string organization, Candidate candidate, ThreadFacts facts, Sighting main, bool isNewMain, TrackingSnapshot snapshot)
    {
        var known = candidate.Known;
        var accepting = candidate.Accepted
            .Select(judged => AcceptingEntity.Of(judged.AskedIn(snapshot), judged.Sighting.Facts, snapshot.RecordsOf))
            .Append(known?.State.Accepting)
            .OfType<AcceptingEntity>()
            .Min(AcceptingEntity.Precedence)!;
        Candidate = candidate;
        Main = main.Facts;
        IsNewMain = isNewMain;
        IsOutgoing = known?.State.IsOutgoing == true || candidate.IsSentCopy ||
            candidate.Sightings.Exists(judged => judged.Sighting.FolderKind == FolderKind.SentItems) ||
            snapshot.Decisions.Any(decision => decision.Email == candidate.Key && decision.FolderKind == FolderKind.SentItems);
        IsErased = candidate.Hand.Erased is not null;
        Accepting = snapshot.Mailboxes.GetValueOrDefault(accepting.Mailbox);
        var records = candidate.Hand.RecordsBy(snapshot.RecordsOf);

        // Of an erased email nobody is known any more, whatever its copies say.
        Choice = Parties.ChooseSender(
            IsErased ? null : MainSender, Parties.TrackingOwner(Accepting, snapshot.RecordsOf), records, snapshot.Settings);
        Record = Choice.Count == 0 && !IsOutgoing && !IsErased && Accepting is not null && main.Facts.Sender == MainSender
            ? NewRecords.Of(organization, candidate, main.Facts, Accepting, snapshot.Settings)
            : null;
        Sender = Choice.Record ?? Record?.Reference;
        Proposed = known is null || Sender != known.State.SenderRecord ? SenderRegarding.Proposed(Sender, snapshot) : null;
        DirectoryVersion = snapshot.DirectoryVersion;
        ReceivedOn = candidate.Accepted.Select(judged => judged.Sighting.ReceivedOn).Concat(known is null ? [] : [known.ReceivedOn]).Min();
        Unplaced = new Unplaced(known, facts, MainSubject, Claims(candidate, Proposed, snapshot), accepting, ReceivedOn)
        {
            Rules = RuleQuestion.Of(organization, candidate, Choice, Record, snapshot),
        };
        Content = IsNewMain && !IsErased
            ? new EmailContent(main, Parties.Resolve(main.Facts, Sender, records, snapshot.Settings))
            : null;
        ActsSeen = snapshot.Acts.Count(act => act.Emails.Contains(candidate.Key));
        Token = IsErased ? null : known?.TrackingToken ??
            (facts.SenderIsUser || IsOutgoing ? FirstToken(main.Facts.Subject, snapshot) : null);
        ChangesThread = known is null || Content is not null || (IsErased && IsNewMain) || !SameFacts(facts, known.Facts) || ReceivedOn != known.ReceivedOn ||
            accepting != known.State.Accepting || Unplaced.Rules is not null ||
            (!IsErased && !Unplaced.RegardingClaims.SequenceEqual(known.State.RegardingClaims));
        ChangesState = known is not null && (IsOutgoing != known.State.IsOutgoing || Sender != known.State.SenderRecord);
    }

    public Candidate Candidate { get; }

    public Unplaced Unplaced { get; }

    /// <summary>The copy that stands for the email now; null when that is the one which the store has.</summary>
    public EmailContent? Content { get; }

    /// <summary>How many acts on the email were known.</summary>
    public int ActsSeen { get; }

    /// <summary>Whether the email's place, or that of others, may be another one now.</summary>
    public bool ChangesThread { get; }

    /// <summary>Whether only the email's own row changes.</summary>
    public bool ChangesState { get; }

    /// <summary>The record that the unknown sender becomes; null when it becomes none.</summary>
    public NewRecord? Record { get; }

    /// <summary>How the parties were resolved; null when they are not looked at again.</summary>
    public ImmutableArray<TraceEntry>? PartyTrace => !IsErased && (Content is not null || Sender != Candidate.Known?.State.SenderRecord)
        ? Deciding.PartyTrace.Of(Choice, Content?.Parties ?? [], Record, Proposed ?? [])
        : null;

    private MailboxFacts? Accepting { get; }

    private SenderChoice Choice { get; }

    // Null when the sender is who it was: what it said then stands.
    private ImmutableArray<RecordReference>? Proposed { get; }

    private EmailFacts Main { get; }

    private bool IsOutgoing { get; }

    private RecordReference? Sender { get; }

    private string? Token { get; }

    private DateTimeOffset ReceivedOn { get; }

    private long DirectoryVersion { get; }

    private EmailAddress? MainSender => IsErased ? null : IsNewMain ? Main.Sender : Candidate.Known!.Sender;

    private string MainSubject => IsNewMain ? Main.BaseSubject : Candidate.Known!.BaseSubject;

    // Of a withheld email another copy than the one that stands for it may be all that is offered.
    private MessageKey MainDigest => Candidate.Known is { } known && (!IsNewMain || (known.IsWithheld && known.Digest < Main.Digest))
        ? known.Digest
        : Main.Digest;

    private bool IsNewMain { get; }

    // Its copies still say where it belongs, by digests, and nothing else.
    private bool IsErased { get; }

    public static Draft Of(string organization, Candidate candidate, TrackingSnapshot snapshot)
    {
        var (copies, replaces) = Own(candidate);
        var (facts, digest) = replaces ? (null, default) : (candidate.Known?.Facts, candidate.Known?.Digest ?? default);
        foreach (var mail in copies.Select(copy => copy.Facts))
        {
            var copy = mail.Thread with
            {
                Key = candidate.Key,
                IdKey = candidate.IdKey,
                SenderIsUser = Parties.IsUser(mail.Sender, snapshot.RecordsOf),
                Claims = WithToken(mail, candidate, snapshot),
            };
            (facts, digest) = facts is null
                ? (copy, mail.Digest)
                : (Copies.Join(facts, digest, copy, mail.Digest), digest <= mail.Digest ? digest : mail.Digest);
        }

        // Of a copy that does not count it is known still what it names: who names that too is looked at together with this email.
        facts = Copies.WithRelayed(facts!, Others(candidate, copies, replaces));

        // A known email may have been seen where it is not wanted: that copy says where it lies, and nothing else.
        var main = copies.DefaultIfEmpty(candidate.Sightings[0].Sighting).MinBy(copy => copy.Facts.Digest)!;
        var isMain = replaces || candidate.Known is null ||
            (copies.Length > 0 && (candidate.Known is { IsWithheld: true, IsErased: false } || main.Facts.Digest < candidate.Known.Digest));
        return new Draft(organization, candidate, facts, main, isMain, snapshot);
    }

    private static IEnumerable<Claim> Others(Candidate candidate, Sighting[] copies, bool replaces) => candidate.Accepted
        .Select(judged => judged.Sighting)
        .Except(copies)
        .SelectMany(copy => copy.Facts.Thread.Claims)
        .Concat(replaces ? candidate.Known!.Facts.Claims : []);

    /// <summary>The copies that say what the email is, and whether they replace all that was known of it.</summary>
    /// <remarks>
    /// Of a copy where a list wrote its own address into From nothing is taken that the sender's own copy says, whichever comes first.
    /// </remarks>
    private static (Sighting[] Copies, bool Replaces) Own(Candidate candidate)
    {
        var accepted = candidate.Accepted.Select(judged => judged.Sighting).ToArray();
        var direct = Array.FindAll(accepted, copy => !Copies.IsRelayed(copy.Facts.Thread, copy.Facts.Sender));
        if (candidate.Known is { } known && !known.IsRelayed(accepted.Select(copy => copy.Facts)))
        {
            return (Array.FindAll(direct, copy => known.IsFrom(copy.Facts.Sender)), false);
        }

        return direct.Length == 0
            ? (accepted, false)
            : (Array.FindAll(direct, copy => copy.Facts.Sender == direct[0].Facts.Sender), candidate.Known is not null);
    }

    /// <summary>The email at the place that was found, and what of its content is to be stored.</summary>
    /// <remarks>Of an email that people keep out before anything of it was stored, nothing is: what the rules compare has to do.</remarks>
    /// <param name="place">Its place.</param>
    /// <param name="organization">The organization's key.</param>
    /// <param name="correlatedOwner">The owner of the email that it answers.</param>
    /// <param name="snapshot">Mailboxes and records.</param>
    public (KnownEmail Email, EmailContent? Content) At(
        Placed place, string organization, Guid? correlatedOwner, TrackingSnapshot snapshot)
    {
        var withheld = place.LeftOut is not null && Candidate.Known is null or { IsWithheld: true };
        var email = new KnownEmail(
            Candidate.Known?.Row ?? 0,
            NamedId.OfActivity(organization, Candidate.Key),
            Unplaced.Facts,
            MainSender,
            withheld ? BaseSubject.Withhold(MainSubject) : MainSubject,
            MainDigest,
            Token,
            StateAt(place, Candidate.Known?.State) with { IsOutgoing = IsOutgoing, SenderRecord = SenderOf(place.LeftOut is not null) },
            ReceivedOn,
            withheld)
        {
            // Who only looked at the sender again has not resolved the recipients.
            DirectoryVersion = Content is null && Candidate.Known is { } known ? known.DirectoryVersion : DirectoryVersion,
            Owner = IsErased ? default : Candidate.Known?.Owner ??
                Owners.Decide(Main, IsOutgoing, Sender, Accepting, correlatedOwner, snapshot.RecordsOf),
        };
        return (email, withheld ? Content?.Withheld() : Content);
    }

    /// <summary>The known email, its place as it was.</summary>
    public KnownEmail Unthreaded() => Candidate.Known! with
    {
        TrackingToken = Token,
        State = Candidate.Known.State with { IsOutgoing = IsOutgoing, SenderRecord = SenderOf(Candidate.Known.State.LeftOut is not null) },
    };

    // Nobody becomes a record by mail that people keep out.
    private RecordReference? SenderOf(bool isLeftOut) => isLeftOut ? Choice.Record : Sender;

    /// <summary>What was decided of an email, with the place that was found.</summary>
    public static EmailState StateAt(Placed place, EmailState? before) => new(
        place.ConversationId,
        place.IsFounder,
        place.Admission,
        place.Correlation,
        place.SubjectChanged,
        place.LeftOut is { Reason: ReasonCode.Erased } ? [] : place.Email.RegardingClaims,
        place.Regarding,
        before?.IsOutgoing ?? false,
        place.Email.Accepting,
        place.LeftOut is { Reason: ReasonCode.Erased } ? null : before?.SenderRecord,
        place.LeftOut?.Reason);

    private static string? FirstToken(string subject, TrackingSnapshot snapshot) =>
        TrackingTokens.In(subject, snapshot.Settings.PrefixesInUse()).FirstOrDefault();

    private static ImmutableArray<Claim> WithToken(EmailFacts mail, Candidate candidate, TrackingSnapshot snapshot)
    {
        var claims = mail.Thread.Claims;

        // Decided once: a mail that is known keeps what was believed when it was first tracked.
        var token = candidate.Known is null ? Tokens.Believed(mail, candidate.Key, snapshot) : null;
        return token is { } claim && !claims.Any(one => one.Key == claim.Key) ? claims.Add(claim) : claims;
    }

    private static ImmutableArray<RegardingClaim> Claims(
        Candidate candidate, ImmutableArray<RecordReference>? proposed, TrackingSnapshot snapshot) =>
    [
        .. candidate.Hand.Claims(candidate.Known?.State.RegardingClaims ?? [])
            .Where(claim => !candidate.Accepted.Any(judged => Replaces(judged.Sighting, claim, snapshot)))
            .Concat(candidate.Hand.Erased is not null ? [] : candidate.Accepted.SelectMany(judged => FolderClaims(judged.Sighting, snapshot)))
            .Concat(SenderRegarding.Claims(candidate.Known?.State.RegardingClaims ?? [], proposed ?? [], snapshot.Settings))
            .Distinct()
            .Order(RegardingClaim.Stored),
    ];

    // Mail that was moved to another folder with a record is about that record; moved anywhere else, it keeps what it was about.
    private static bool Replaces(Sighting sighting, RegardingClaim claim, TrackingSnapshot snapshot) =>
        claim.Source == RegardingSource.Folder && claim.Mailbox == sighting.Place.Mailbox && sighting.Left.Contains(claim.Folder!) &&
        FolderClaims(sighting, snapshot).Any();

    // Under the name in the place, which stays when people rename the folder: so whoever leaves it takes back what was claimed there.
    private static IEnumerable<RegardingClaim> FolderClaims(Sighting sighting, TrackingSnapshot snapshot) =>
        snapshot.Mailboxes[sighting.Place.Mailbox].Folders
            .Where(folder => snapshot.Settings.Acceptance.TracksFolders && folder.Name == sighting.FolderName &&
                folder.Regarding is not null && folder.Covers(sighting.ReceivedOn))
            .Select(folder => new RegardingClaim(
                RegardingSource.Folder,
                folder.Regarding!.Value,
                sighting.Place.Mailbox,
                sighting.Place.Folder,
                AcceptingEntity.PositionOf(snapshot.Mailboxes[sighting.Place.Mailbox], sighting.Facts, snapshot.RecordsOf)));

    private static bool SameFacts(ThreadFacts one, ThreadFacts other) =>
        one.SentOn == other.SentOn && one.IndexDepth == other.IndexDepth && one.Voice == other.Voice &&
        one.Ground == other.Ground && one.SenderIsUser == other.SenderIsUser && one.Claims.SequenceEqual(other.Claims);
}
